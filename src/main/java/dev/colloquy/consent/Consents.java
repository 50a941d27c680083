package dev.colloquy.consent;

import dev.colloquy.conversation.Channel;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The ledger of consent. An opt-out holds for the whole organization, whichever of its agents and
 * numbers it was said to. Every method runs in the caller's transaction.
 */
public final class Consents {
  private Consents() {}

  /** Adds an entry; entries are never changed. */
  public static void add(Handle tx, ConsentEntry entry) {
    var sql =
        """
        insert into consent (
          id, organization_id, agent_id, channel, address, action, keyword, inbound_id, created_at)
        values (
          :id, :organization, :agent, :channel, :address, :action, :keyword, :inbound, :now)
        """;
    var agent = entry.agent();
    tx.createUpdate(sql)
        .bind("id", Ids.next())
        .bind("organization", entry.organization().value())
        .bind("agent", agent == null ? null : agent.value())
        .bind("channel", Wire.name(entry.channel()))
        .bind("address", key(entry.address()))
        .bind("action", Wire.name(entry.action()))
        .bind("keyword", entry.keyword())
        .bind("inbound", entry.inbound())
        .bind("now", Rows.time(entry.at()))
        .execute();
  }

  /**
   * Why nothing may be sent to the address: {@link ConsentAction#OPT_OUT} or {@link
   * ConsentAction#BOUNCE}; nothing where something may.
   */
  public static Optional<ConsentAction> block(
      Handle tx, OrganizationId organization, Channel channel, String address) {
    var sql =
        """
        select action
        from consent
        where organization_id = :organization and channel = :channel and address = :address
          and action <> 'help'
        order by created_at desc, id desc
        limit 1
        """;
    return tx.createQuery(sql)
        .bind("organization", organization.value())
        .bind("channel", Wire.name(channel))
        .bind("address", key(address))
        .mapTo(String.class)
        .findOne()
        .map(action -> Wire.value(ConsentAction.class, action))
        .filter(action -> action != ConsentAction.OPT_IN);
  }

  private static String key(String address) {
    return address.toLowerCase(Locale.ROOT);
  }
}

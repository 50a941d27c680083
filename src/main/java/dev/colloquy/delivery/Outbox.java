package dev.colloquy.delivery;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where every outbound effect is written, in the transaction of the message that causes it
 * (invariant 6). No channel has a provider yet, so whatever is written is captured; providers will
 * take queued rows from here.
 */
public final class Outbox {
  private Outbox() {}

  /** Writes a delivery of the agent's. */
  public static void write(Handle tx, KeyOwner.OfAgent agent, Outbound outbound) {
    var sql =
        """
        insert into delivery (
          conversation_id, id, organization_id, agent_id, message_id, channel, status, recipient,
          subject, body, created_at, updated_at)
        values (
          :conversation, :id, :organization, :agent, :message, :channel, :status, :recipient,
          :subject, :body, :now, :now)
        """;
    tx.createUpdate(sql)
        .bind("conversation", outbound.conversation().value())
        .bind("id", outbound.id().value())
        .bind("organization", agent.organization().value())
        .bind("agent", agent.agent().value())
        .bind("message", outbound.message().value())
        .bind("channel", Wire.name(outbound.channel()))
        .bind("status", Wire.name(DeliveryStatus.CAPTURED))
        .bind("recipient", outbound.recipient())
        .bind("subject", outbound.subject())
        .bind("body", outbound.body())
        .bind("now", Rows.time(outbound.createdAt()))
        .execute();
  }

  /** Where a delivery went, and under which subject. */
  public record Sent(String recipient, @Nullable String subject) {}

  /** The conversation's newest delivery on the channel: what follows goes the same way. */
  public static Optional<Sent> last(Handle tx, ConversationId conversation, Channel channel) {
    var sql =
        """
        select recipient, subject
        from delivery
        where conversation_id = :conversation and channel = :channel
        order by id desc
        limit 1
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("channel", Wire.name(channel))
        .map((row, _) -> new Sent(row.getString("recipient"), row.getString("subject")))
        .findOne();
  }
}

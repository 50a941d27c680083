package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.channel.Inbound;
import dev.colloquy.platform.db.Database;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps mails as they came, whichever way, once for each agent that they are for. Of a mail only
 * the headers are looked at here, to know whose it is.
 */
@Singleton
final class InboundMails {
  private final Inbound inbound;
  private final MailAgents agents;
  private final Database database;

  InboundMails(Inbound inbound, MailAgents agents, Database database) {
    this.inbound = inbound;
    this.agents = agents;
    this.database = database;
  }

  /**
   * Keeps the mail; it is committed when this returns.
   *
   * @param agent whom it came to; null where only its recipients say so
   * @return its ids, one for each agent; none where all of them have it already
   */
  List<UUID> keep(byte[] raw, KeyOwner.@Nullable OfAgent agent) {
    return keep(Mail.readHeaders(raw), raw, agent, "message/rfc822");
  }

  /** Keeps that a mail came that is too large, and its headers. */
  List<UUID> keepHeaders(byte[] headers, KeyOwner.@Nullable OfAgent agent) {
    var cut = Arrays.copyOf(headers, Math.min(headers.length, 262_144));
    return keep(Mail.readHeaders(cut), cut, agent, EmailInbound.ONLY_HEADERS);
  }

  private List<UUID> keep(
      Mail mail, byte[] raw, KeyOwner.@Nullable OfAgent agent, String contentType) {
    List<KeyOwner.@Nullable OfAgent> owners = new ArrayList<>();
    if (agent == null) {
      owners.addAll(database.read(tx -> agents.of(tx, mail)));
    }
    if (owners.isEmpty()) {
      owners.addAll(Collections.singletonList(agent));
    }
    var externalId = mail.externalId(raw);
    var from = mail.from();
    var orderKey = from == null ? externalId : from.key();
    var kept = new ArrayList<UUID>();
    for (var owner : owners) {
      inbound
          .keep(EmailInbound.SOURCE, owner, externalId, orderKey, contentType, null, raw)
          .ifPresent(kept::add);
    }
    return kept;
  }
}

package dev.colloquy.openapi;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.platform.db.Database;
import java.util.UUID;

/** Rows that no operation of the API makes by itself. */
final class Ended {
  private Ended() {}

  /** A delivery that failed. */
  static String delivery(Database database, KeyOwner.OfAgent owner, String conversation) {
    var id = UUID.randomUUID();
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                insert into delivery (
                  conversation_id, id, organization_id, agent_id, message_id, channel, status,
                  recipient, body, provider, created_at, updated_at)
                select c.id, :id, c.organization_id, c.agent_id, m.id, 'sms', 'failed',
                       '+12125550123', 'Hello.', 'gone', now(), now()
                from conversation c
                join message m on m.conversation_id = c.id and m.seq = 2
                where c.id = :conversation and c.agent_id = :agent
                """)
            .bind("id", id)
            .bind("conversation", UUID.fromString(conversation))
            .bind("agent", owner.agent().value())
            .execute());
    return id.toString();
  }

  /** Something that came in and was ignored. */
  static String inbound(Database database) {
    var id = UUID.randomUUID();
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                insert into inbound (
                  id, source, external_id, order_key, body, status, outcome, received_at)
                values (:id, 'gone', :key, :key, '', 'ignored', 'no_agent', now())
                """)
            .bind("id", id)
            .bind("key", id.toString())
            .execute());
    return id.toString();
  }

  /** A file of the conversation's first message. */
  static String file(Database database, String conversation) {
    var id = UUID.randomUUID();
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                insert into message_file (
                  conversation_id, id, message_id, file_name, content_type, content, created_at)
                select conversation_id, :id, id, 'a.txt', 'text/plain', '', now()
                from message where conversation_id = :conversation and seq = 2
                """)
            .bind("id", id)
            .bind("conversation", UUID.fromString(conversation))
            .execute());
    return id.toString();
  }
}

package dev.colloquy.conversation;

import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.json.JsonColumn;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * Writes what happens in conversations into their feeds, in the transaction in which it happens.
 * Messages need no such row: they are events themselves. Package {@code event} reads both.
 */
public final class Events {
  private Events() {}

  /**
   * Writes the conversation's next event; nothing where the conversation is gone. Locks its row in
   * conversation_activity.
   *
   * @param data what the event says, as the API shows it
   */
  public static void append(
      Handle tx, ConversationId conversation, EventType type, Object data, Instant now) {
    var sql =
        """
        with head as (
          update conversation_activity a
          set last_seq = a.last_seq + 1,
              position = greatest(a.position, (select next from feed_position))
          where a.conversation_id = :conversation
          returning a.conversation_id, a.last_seq, a.agent_id, a.position
        )
        insert into conversation_event (
          conversation_id, seq, agent_id, position, type, data, created_at)
        select head.conversation_id, head.last_seq, head.agent_id, head.position, :type,
               cast(:data as jsonb), :now
        from head
        """;
    tx.createUpdate(sql)
        .bind("conversation", conversation.value())
        .bind("type", type.text())
        .bind("data", JsonColumn.ofAnswer(data))
        .bind("now", Rows.time(now))
        .execute();
  }
}

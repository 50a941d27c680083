package dev.colloquy.event;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventType;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.MessageResponse;
import dev.colloquy.message.Messages;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.json.JsonColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Reads feeds from the tables: messages and the rows of conversation_event, merged. Every method
 * runs in the caller's transaction; each page is one statement, and so one moment.
 *
 * <p>A page ends early where its texts grow large; what follows is on the next.
 */
final class Feed {
  /** How much text and data a page holds at most, in bytes, beside its last event. */
  static final long PAGE_BYTES = 4_000_000;

  /** The rows of a page; of replies also which questions were merged into theirs. */
  private static final String SHOWN =
      """
      select page.*,
             case when role = 'assistant' then array(
               select t.question_id
               from message q
               join turn t on t.conversation_id = q.conversation_id and t.answered_by = q.seq
                 and t.status = 'merged'
               where q.id = page.question_id and q.conversation_id = page.conversation_id
               order by t.question_seq) end as merged
      """;

  private Feed() {}

  /**
   * The events of the caller's conversation after that number, in order; 404 if it has none. Never
   * its deletion, which may be there by now though the conversation was a moment ago: the next page
   * is 404.
   */
  static List<FeedEvent> ofConversation(
      Handle tx, KeyOwner.OfAgent caller, ConversationId conversation, long after, int limit) {
    Conversations.require(tx, caller, conversation);
    var sql =
        """
        from (
          select *, sum(bytes) over (order by seq) - bytes as bytes_before
          from (
            (select conversation_id, seq, position, created_at, 'message.created' as type,
                    null as data, id, question_id, role, source, text, raw_text, ai_response,
                    files, is_anonymized,
                    octet_length(text) + coalesce(octet_length(raw_text), 0)
                      + coalesce(pg_column_size(ai_response), 0) as bytes
             from message
             where conversation_id = :conversation and seq > :after
             order by seq
             limit :limit)
            union all
            (select conversation_id, seq, position, created_at, type,
                    data, null, null, null, null, null, null, null,
                    null, null,
                    pg_column_size(data) as bytes
             from conversation_event
             where conversation_id = :conversation and seq > :after
               and type <> 'conversation.deleted'
             order by seq
             limit :limit)) happened
          order by seq
          limit :limit) page
        where bytes_before < :bytes
        order by seq
        """;
    return tx.createQuery(SHOWN + sql)
        .bind("conversation", conversation.value())
        .bind("after", after)
        .bind("limit", limit)
        .bind("bytes", PAGE_BYTES)
        .map((row, _) -> toEvent(row))
        .list();
  }

  /**
   * The events of all the caller's conversations after that place, in the order of positions and so
   * in order in each conversation. Stops where a transaction is still open that could write before
   * what it has written: nothing can appear before a place that was returned once.
   */
  static List<FeedEvent> ofAgent(Handle tx, KeyOwner.OfAgent caller, FeedCursor after, int limit) {
    var sql =
        """
        from (
          select *,
                 sum(bytes) over (order by position, conversation_id, seq) - bytes as bytes_before
          from (
            (select conversation_id, seq, position, created_at, 'message.created' as type,
                    null as data, id, question_id, role, source, text, raw_text, ai_response,
                    files, is_anonymized,
                    octet_length(text) + coalesce(octet_length(raw_text), 0)
                      + coalesce(pg_column_size(ai_response), 0) as bytes
             from message
             where agent_id = :agent
               and (position, conversation_id, seq) > (:position, :conversation, :seq)
               and position < (select l.position from feed_limit l)
             order by position, conversation_id, seq
             limit :limit)
            union all
            (select conversation_id, seq, position, created_at, type,
                    data, null, null, null, null, null, null, null,
                    null, null,
                    pg_column_size(data) as bytes
             from conversation_event
             where agent_id = :agent
               and (position, conversation_id, seq) > (:position, :conversation, :seq)
               and position < (select l.position from feed_limit l)
             order by position, conversation_id, seq
             limit :limit)) happened
          order by position, conversation_id, seq
          limit :limit) page
        where bytes_before < :bytes
        order by position, conversation_id, seq
        """;
    return tx.createQuery(SHOWN + sql)
        .bind("agent", caller.agent().value())
        .bind("position", after.position())
        .bind("conversation", after.conversation())
        .bind("seq", after.seq())
        .bind("limit", limit)
        .bind("bytes", PAGE_BYTES)
        .map((row, _) -> toEvent(row))
        .list();
  }

  /**
   * Whether anything is there after the place, also what {@link #ofAgent} does not show yet because
   * it may not be all.
   */
  static boolean hasMore(Handle tx, KeyOwner.OfAgent caller, FeedCursor after) {
    var sql =
        """
        select exists (
            select from message
            where agent_id = :agent
              and (position, conversation_id, seq) > (:position, :conversation, :seq))
          or exists (
            select from conversation_event
            where agent_id = :agent
              and (position, conversation_id, seq) > (:position, :conversation, :seq))
        """;
    return tx.createQuery(sql)
        .bind("agent", caller.agent().value())
        .bind("position", after.position())
        .bind("conversation", after.conversation())
        .bind("seq", after.seq())
        .mapTo(Boolean.class)
        .one();
  }

  /** The end of what can be read of agents' feeds now. */
  static FeedCursor end(Handle tx) {
    return tx.createQuery("select position from feed_limit")
        .mapTo(Long.class)
        .map(FeedCursor::before)
        .one();
  }

  /**
   * The place, or 400 naming the field where it is behind all that ever happened in the caller's
   * conversation: of another one, or of a database that was replaced by an older one.
   */
  static long reached(
      Handle tx, KeyOwner.OfAgent caller, ConversationId conversation, String field, long place) {
    var last =
        tx.createQuery(
                """
                select last_seq
                from conversation_activity
                where conversation_id = :conversation and agent_id = :agent
                """)
            .bind("conversation", conversation.value())
            .bind("agent", caller.agent().value())
            .mapTo(Long.class)
            .findOne();
    // Where the caller has no such conversation, its first page says so.
    if (last.isPresent() && place > last.get()) {
      throw behindTheEnd(field);
    }
    return place;
  }

  /** The same for a place in an agent's feed: none was ever given behind {@link #end}. */
  static FeedCursor reached(Handle tx, String field, FeedCursor place) {
    if (place.position() > end(tx).position()) {
      throw behindTheEnd(field);
    }
    return place;
  }

  private static ApiException behindTheEnd(String field) {
    return ApiException.badField(field, "is behind the end of this feed");
  }

  /** That the conversation was the caller's and is deleted, if so. */
  static Optional<FeedEvent> deleted(
      Handle tx, KeyOwner.OfAgent caller, ConversationId conversation) {
    var sql =
        """
        select conversation_id, seq, position, created_at, type, data
        from conversation_event
        where conversation_id = :conversation and agent_id = :agent
          and type = 'conversation.deleted'
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("agent", caller.agent().value())
        .map((row, _) -> toEvent(row))
        .findOne();
  }

  private static FeedEvent toEvent(ResultSet row) throws SQLException {
    var type = EventType.of(row.getString("type"));
    var data =
        switch (type) {
          case MESSAGE_CREATED -> MessageResponse.of(Messages.toMessage(row), merged(row));
          case CONVERSATION_DELETED -> null;
          case CONVERSATION_CREATED,
              CONVERSATION_UPDATED,
              MODE_CHANGED,
              STATE_CHANGED,
              STATUS_CHANGED,
              FEEDBACK_CREATED,
              FEEDBACK_UPDATED,
              FEEDBACK_DELETED,
              DELIVERY_UPDATED,
              TURN_FAILED ->
              JsonColumn.read(row.getString("data"));
        };
    return new FeedEvent(
        new ConversationId(Rows.id(row, "conversation_id")),
        row.getLong("seq"),
        row.getLong("position"),
        type,
        Rows.time(row, "created_at"),
        data);
  }

  private static List<MessageId> merged(ResultSet row) throws SQLException {
    var merged = row.getArray("merged");
    return merged == null
        ? List.of()
        : Stream.of((UUID[]) merged.getArray()).map(MessageId::new).toList();
  }
}

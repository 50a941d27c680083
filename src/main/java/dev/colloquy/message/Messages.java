package dev.colloquy.message;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.SortDirection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The message table, for conversations that the caller has required before. Every method runs in
 * the caller's transaction. The two statements of a turn are in package {@code turn}.
 */
public final class Messages {
  private static final String COLUMNS =
      """
      select conversation_id, seq, id, question_id, role, source, text, raw_text, ai_response,
             files, is_anonymized, created_at
      from message
      """;

  private static final String MEASURED =
      """
      select *
      from (select page.*, row_number() over w as place, lead(seq) over w is not null as more,
                   sum(octet_length(text) + coalesce(octet_length(raw_text), 0)
                       + coalesce(octet_length(cast(ai_response as text)), 0))
                     over (w rows between unbounded preceding and 1 preceding) as bytes_before
            from (select conversation_id, seq, id, question_id, role, source, text, raw_text,
                         ai_response, files, is_anonymized, created_at
                  from message
      """;

  private Messages() {}

  /**
   * Stores a message as the conversation's next; its {@code seq} is ignored.
   *
   * @param author the platform user who wrote it, or null
   */
  public static Message append(Handle tx, Message message, @Nullable UUID author) {
    var sql =
        """
        with head as (
          update conversation_activity a
          set last_seq = a.last_seq + 1,
              position = greatest(a.position, (select next from feed_position)),
              updated_at = :now
          where a.conversation_id = :conversation
          returning a.agent_id, a.last_seq, a.position
        )
        insert into message (
          conversation_id, seq, agent_id, position, id, question_id, role, source, text, tokens,
          author_id, created_at)
        select :conversation, head.last_seq, head.agent_id, head.position, :id, :question, :role,
               :source, :text, :tokens, :author, :now
        from head
        returning conversation_id, seq, id, question_id, role, source, text, raw_text, ai_response,
                  files, is_anonymized, created_at
        """;
    var question = message.questionId();
    return tx.createQuery(sql)
        .bind("now", Rows.time(message.createdAt()))
        .bind("conversation", message.conversation().value())
        .bind("id", message.id().value())
        .bind("question", question == null ? null : question.value())
        .bind("role", Wire.name(message.role()))
        .bind("source", message.source())
        .bind("text", message.text())
        .bind("tokens", Tokens.estimate(message.text()))
        .bind("author", author)
        .map((row, _) -> toMessage(row))
        .one();
  }

  /** Adds what came in with a message that was just stored, in the same transaction. */
  public static void complete(
      Handle tx,
      ConversationId conversation,
      MessageId id,
      @Nullable String rawText,
      List<MessageFile> files) {
    if (rawText == null && files.isEmpty()) {
      return;
    }
    var sql =
        """
        update message
        set raw_text = :rawText, files = cast(:files as jsonb)
        where conversation_id = :conversation and id = :id
        """;
    tx.createUpdate(sql)
        .bind("rawText", rawText)
        .bind("files", MessageFile.column(files))
        .bind("conversation", conversation.value())
        .bind("id", id.value())
        .execute();
  }

  /** Some messages of a conversation, and whether more follow in that direction. */
  record Slice(List<Message> messages, boolean more) {}

  /**
   * Messages from the given place on: at most so many, and no further one once those before it are
   * this long, so that an answer has a bound. The first is there however long it is.
   *
   * @param bytes of texts and responses, in UTF-8
   */
  static Slice list(
      Handle tx,
      ConversationId conversation,
      SortDirection direction,
      long after,
      int limit,
      long bytes) {
    var sql =
        switch (direction) {
          case ASC ->
              MEASURED
                  + """
                        where conversation_id = :conversation and seq > :after
                        order by seq
                        limit :limit + 1) page
                  window w as (order by seq)) measured
                  where place <= :limit and coalesce(bytes_before, 0) < :bytes
                  order by seq
                  """;
          case DESC ->
              MEASURED
                  + """
                        where conversation_id = :conversation and seq < :after
                        order by seq desc
                        limit :limit + 1) page
                  window w as (order by seq desc)) measured
                  where place <= :limit and coalesce(bytes_before, 0) < :bytes
                  order by seq desc
                  """;
        };
    var more = new boolean[1];
    var messages =
        tx.createQuery(sql)
            .bind("conversation", conversation.value())
            .bind("after", after)
            .bind("limit", limit)
            .bind("bytes", bytes)
            .map((row, _) -> {
              more[0] = row.getBoolean("more");
              return toMessage(row);
            })
            .list();
    return new Slice(messages, more[0]);
  }

  /** The conversation's message of that id. */
  public static Optional<Message> find(Handle tx, ConversationId conversation, MessageId id) {
    var sql = COLUMNS + "where id = :id and conversation_id = :conversation";
    return tx.createQuery(sql)
        .bind("id", id.value())
        .bind("conversation", conversation.value())
        .map((row, _) -> toMessage(row))
        .findOne();
  }

  /** The newest question of the conversation. */
  static Optional<MessageId> newestQuestion(Handle tx, ConversationId conversation) {
    var sql =
        """
        select id
        from message
        where conversation_id = :conversation and role = 'conversation_user'
        order by seq desc
        limit 1
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .mapTo(UUID.class)
        .findOne()
        .map(MessageId::new);
  }

  /**
   * What answers the question: the agent's reply or a person's answer to it, else the first answer
   * of a person to what was asked later. A person who names no question answers the newest, and
   * with it those before.
   */
  public static Optional<Message> findAnswer(
      Handle tx, ConversationId conversation, MessageId question, long questionSeq) {
    var sql =
        COLUMNS
            + """
            where conversation_id = :conversation
              and seq > :questionSeq
              and role <> 'conversation_user'
              and (question_id = :question
                   or role = 'manual_assistant'
                     and not exists (
                       select from message earlier
                       where earlier.conversation_id = :conversation
                         and earlier.id = message.question_id
                         and earlier.seq < :questionSeq))
            order by (question_id is not distinct from :question) desc, seq
            limit 1
            """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("questionSeq", questionSeq)
        .bind("question", question.value())
        .map((row, _) -> toMessage(row))
        .findOne();
  }

  /** Has models know the question again though its turn failed: a person has answered it. */
  static void tellModels(Handle tx, ConversationId conversation, MessageId question) {
    tx.createUpdate(
            """
            update message
            set has_failed = false
            where id = :question and conversation_id = :conversation and has_failed
            """)
        .bind("question", question.value())
        .bind("conversation", conversation.value())
        .execute();
  }

  /** A row with the columns that this class selects. */
  public static Message toMessage(ResultSet row) throws SQLException {
    var question = Rows.idOrNull(row, "question_id");
    var role = Wire.value(SenderRole.class, row.getString("role"));
    return new Message(
        new ConversationId(Rows.id(row, "conversation_id")),
        row.getLong("seq"),
        new MessageId(Rows.id(row, "id")),
        question == null ? null : new MessageId(question),
        role,
        row.getString("source"),
        row.getString("text"),
        row.getString("raw_text"),
        role == SenderRole.ASSISTANT ? AiResponse.ofColumn(row.getString("ai_response")) : null,
        MessageFile.ofColumn(row.getString("files")),
        row.getBoolean("is_anonymized"),
        Rows.time(row, "created_at"));
  }
}

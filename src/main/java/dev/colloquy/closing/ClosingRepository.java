package dev.colloquy.closing;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.model.ModelMessage;
import dev.colloquy.platform.db.Rows;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What closing reads and writes. Every method runs in the transaction that the caller opened. */
final class ClosingRepository {
  private static final int BATCH = 200;

  private ClosingRepository() {}

  /**
   * Makes idle conversations inactive, as many as fit a batch. Those in manual mode stay: there a
   * person decides when it is over.
   *
   * @return those in which something was said since they were closed last
   */
  static List<ConversationId> deactivateIdle(Handle tx, Instant now, Duration idleTime) {
    var sql =
        """
        with idle as (
          select found.conversation_id
          from agent g
          cross join lateral (
            select a.conversation_id
            from conversation_activity a
            where a.agent_id = g.id and a.status = 'active' and a.mode = 'ai'
              and a.open_turns = 0
              and a.updated_at
                  < :now - coalesce(g.idle_time_seconds, :idleSeconds) * interval '1 second'
            order by a.updated_at
            limit :batch
            for no key update skip locked) found
          limit :batch
        ), head as (
          update conversation_activity a
          set status = 'inactive',
              updated_at = :now,
              last_seq = a.last_seq + 1,
              position = greatest(a.position, (select next from feed_position))
          from idle
          where a.conversation_id = idle.conversation_id
          returning a.conversation_id, a.agent_id, a.last_seq, a.position, a.closed_seq
        ), told as (
          insert into conversation_event (
            conversation_id, seq, agent_id, position, type, data, created_at)
          select conversation_id, last_seq, agent_id, position, 'status.changed',
                 '{"status": "inactive"}', :now
          from head
        )
        select head.conversation_id,
               exists (select from message m
                       where m.conversation_id = head.conversation_id
                         and m.seq > head.closed_seq) as has_news
        from head
        """;
    return tx
        .createQuery(sql)
        .bind("now", Rows.time(now))
        .bind("idleSeconds", idleTime.toSeconds())
        .bind("batch", BATCH)
        .map((row, _) ->
            row.getBoolean("has_news")
                ? Optional.of(new ConversationId(Rows.id(row, "conversation_id")))
                : Optional.<ConversationId>empty())
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * A conversation that is to be closed.
   *
   * @param lastSeq what has happened in it by now, by number
   * @param model the agent's model, or null for the default
   */
  record Idle(
      long lastSeq,
      @Nullable String model,
      @Nullable String fallbackModel,
      @Nullable String scoringPrompt) {}

  static Optional<Idle> find(Handle tx, ConversationId conversation) {
    var sql =
        """
        select a.last_seq, g.model, g.fallback_model, g.scoring_prompt
        from conversation_activity a
        join agent g on g.id = a.agent_id
        where a.conversation_id = :conversation
          and exists (select from message m
                      where m.conversation_id = a.conversation_id and m.seq > a.closed_seq)
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .map((row, _) ->
            new Idle(
                row.getLong("last_seq"),
                row.getString("model"),
                row.getString("fallback_model"),
                row.getString("scoring_prompt")))
        .findOne();
  }

  /** The newest messages that fit the budget of tokens, oldest first. */
  static List<ModelMessage> messages(Handle tx, ConversationId conversation, int budget) {
    var sql =
        """
        select role, text
        from (select seq, role, text, sum(tokens) over (order by seq desc) as total
              from message
              where conversation_id = :conversation
              order by seq desc
              limit 1000) newest
        where total <= :budget
        order by seq desc
        """;
    var newestFirst =
        tx.createQuery(sql)
            .bind("conversation", conversation.value())
            .bind("budget", budget)
            .map((row, _) ->
                new ModelMessage(
                    row.getString("role").equals("conversation_user")
                        ? ModelMessage.Role.USER
                        : ModelMessage.Role.ASSISTANT,
                    row.getString("text")))
            .list();
    Collections.reverse(newestFirst);
    return newestFirst;
  }

  /** Stores what is said of the conversation; a title that somebody gave it stays. */
  static void store(
      Handle tx, ConversationId conversation, long lastSeq, Closing closing, Instant now) {
    Conversations.describe(
        tx, conversation, closing.title(), closing.summary(), closing.score(), now);
    tx.createUpdate(
            """
            update conversation_activity
            set closed_seq = greatest(closed_seq, :lastSeq)
            where conversation_id = :conversation
            """)
        .bind("lastSeq", lastSeq)
        .bind("conversation", conversation.value())
        .execute();
  }

  /** The id that a job carries. */
  static ConversationId idOf(String job) {
    return new ConversationId(UUID.fromString(job));
  }
}

package dev.colloquy.turn;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Messages;
import dev.colloquy.message.SenderRole;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Ends turns that nobody wants answered any more. */
@Singleton
final class Cancellation {
  private final Database database;
  private final TurnService service;
  private final Clock clock;

  Cancellation(Database database, TurnService service, Clock clock) {
    this.database = database;
    this.service = service;
    this.clock = clock;
  }

  /**
   * Ends the question's turn as failed and its model's call, if it is open. 404 where the question
   * is not the caller's; 409 where its turn has ended, or it has none.
   */
  void cancel(KeyOwner.OfAgent caller, ConversationId conversation, MessageId question) {
    var cancelled = database.inTransaction(tx -> cancel(tx, caller, conversation, question));
    database.afterCommit(() -> service.ended(caller.agent(), conversation, question, cancelled));
  }

  /**
   * A turn that was ended.
   *
   * @param openTurns how many of its conversation are still open
   */
  record Cancelled(boolean wasRunning, int openTurns) {}

  private Cancelled cancel(
      Handle tx, KeyOwner.OfAgent caller, ConversationId conversation, MessageId question) {
    Conversations.requireLocked(tx, caller, conversation);
    var asked =
        Messages.find(tx, conversation, question)
            .filter(m -> m.role() == SenderRole.CONVERSATION_USER)
            .orElseThrow(ApiException::notFound);
    var standing =
        Standing.find(tx, conversation, asked.seq())
            .orElseThrow(() ->
                ApiException.of(ErrorCode.CONFLICT, "turn", "there is none: a person answers"));
    if (!standing.isOpen()) {
      throw ApiException.of(ErrorCode.CONFLICT, "turn", "has ended: " + standing.status());
    }
    var openTurns = standing.cancel(tx, conversation, Rows.now(clock));
    return new Cancelled(standing.isRunning(), openTurns);
  }

  /**
   * The questions of the caller's conversation that came over the channel and have an open turn.
   */
  List<MessageId> open(KeyOwner.OfAgent caller, ConversationId conversation, Channel channel) {
    var sql =
        """
        select t.question_id
        from turn t
        join message m on m.conversation_id = t.conversation_id and m.seq = t.question_seq
        where t.conversation_id = :conversation and t.agent_id = :agent
          and t.status in ('pending', 'running') and m.source = :source
        order by t.question_seq
        """;
    return database.read(tx ->
        tx.createQuery(sql)
            .bind("conversation", conversation.value())
            .bind("agent", caller.agent().value())
            .bind("source", Wire.name(channel))
            .mapTo(UUID.class)
            .map(MessageId::new)
            .list());
  }
}

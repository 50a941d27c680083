package dev.colloquy.turn;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Messages;
import dev.colloquy.message.SenderRole;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What becomes of questions: told to the callers of this node who wait, and looked up in the
 * database for everybody else. Safe for many threads.
 */
@Singleton
final class Outcomes {
  private final TurnRepository turns;
  private final Database database;
  private final EventSignals signals;
  private final ConcurrentHashMap<MessageId, CompletableFuture<TurnOutcome>> byQuestion =
      new ConcurrentHashMap<>();

  Outcomes(TurnRepository turns, Database database, EventSignals signals) {
    this.turns = turns;
    this.database = database;
    this.signals = signals;
  }

  /** Begins to wait for the question's outcome; to be ended with {@link #leave}. */
  CompletableFuture<TurnOutcome> enter(MessageId question) {
    return byQuestion.computeIfAbsent(question, _ -> new CompletableFuture<>());
  }

  void leave(MessageId question) {
    byQuestion.remove(question);
  }

  /** Tells whoever follows the feeds that something is committed; they look for themselves. */
  void happened(AgentId agent, ConversationId conversation) {
    signals.changed(agent, conversation);
  }

  /** Tells whoever waits for the question. */
  void tell(MessageId question, TurnOutcome outcome) {
    var waiter = byQuestion.get(question);
    if (waiter != null) {
      waiter.complete(outcome);
    }
  }

  /**
   * How the caller's question stands: the outcome, or nothing while it is open. 404 where it is not
   * the caller's question.
   */
  Optional<TurnOutcome> find(
      KeyOwner.OfAgent caller, ConversationId conversation, MessageId question) {
    database.read(tx -> {
      Conversations.require(tx, caller, conversation);
      return Messages.find(tx, conversation, question)
          .filter(m -> m.role() == SenderRole.CONVERSATION_USER)
          .orElseThrow(ApiException::notFound);
    });
    return find(conversation, question);
  }

  /** How the question's turn ended, by the database; nothing while it is open. */
  Optional<TurnOutcome> find(ConversationId conversation, MessageId id) {
    return database.read(tx -> {
      var question = Messages.find(tx, conversation, id);
      if (question.isEmpty()) {
        return Optional.of(new TurnOutcome.Deleted());
      }
      var standing = turns.standing(tx, conversation, question.get().seq());
      if (standing.isPresent() && standing.get().isOpen()) {
        return Optional.empty();
      }
      var answer = Messages.findAnswer(tx, conversation, id, question.get().seq());
      if (standing.isPresent() && standing.get().isFailed()) {
        // A person may have answered what the agent could not.
        return Optional.of(
            answer
                .filter(m -> id.equals(m.questionId()))
                .<TurnOutcome>map(TurnOutcome.Replied::new)
                .orElseGet(() -> failed(standing.get())));
      }
      return Optional.of(
          answer
              .<TurnOutcome>map(TurnOutcome.Replied::new)
              .orElseGet(() -> new TurnOutcome.HeldForPerson(question.get())));
    });
  }

  private static TurnOutcome failed(TurnRepository.Standing standing) {
    var reason = FailureReason.valueOf(String.valueOf(standing.reason()));
    return new TurnOutcome.Failed(
        reason, reason.text(standing.errorMessage(), String.valueOf(standing.detail())));
  }
}

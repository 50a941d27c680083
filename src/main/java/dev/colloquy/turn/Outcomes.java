package dev.colloquy.turn;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.message.SenderRole;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * What becomes of questions: told to the callers of this node who wait, and looked up in the
 * database for everybody else. Safe for many threads.
 */
@Singleton
final class Outcomes {
  private final Database database;
  private final EventSignals signals;
  private final ConcurrentHashMap<MessageId, Waiters> byQuestion = new ConcurrentHashMap<>();

  /** Those who wait for one question; counted only while the map's entry is computed. */
  private static final class Waiters {
    private final CompletableFuture<TurnOutcome> outcome = new CompletableFuture<>();
    private int count;
  }

  Outcomes(Database database, EventSignals signals) {
    this.database = database;
    this.signals = signals;
  }

  /** Begins to wait for the question's outcome; to be ended with {@link #leave}. */
  CompletableFuture<TurnOutcome> enter(MessageId question) {
    return byQuestion.compute(
            question,
            (_, known) -> {
              var waiters = known == null ? new Waiters() : known;
              waiters.count++;
              return waiters;
            })
        .outcome;
  }

  void leave(MessageId question) {
    byQuestion.computeIfPresent(question, (_, waiters) -> --waiters.count == 0 ? null : waiters);
  }

  /** Tells all who wait that this server stops; their turns go on elsewhere, or later. */
  void stop() {
    byQuestion.values().forEach(waiters -> waiters.outcome.complete(new TurnOutcome.LeftOpen()));
  }

  /** Tells whoever follows the feeds that something is committed; they look for themselves. */
  void happened(AgentId agent, ConversationId conversation) {
    signals.changed(agent, conversation);
  }

  /** Tells whoever waits for the question. */
  void tell(MessageId question, TurnOutcome outcome) {
    var waiters = byQuestion.get(question);
    if (waiters != null) {
      waiters.outcome.complete(outcome);
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

  /** A question of the conversation; 404 where it is gone. */
  Message question(ConversationId conversation, MessageId id) {
    return database.read(
        tx -> Messages.find(tx, conversation, id).orElseThrow(ApiException::notFound));
  }

  /** How the question's turn ended, by the database; nothing while it is open. */
  Optional<TurnOutcome> find(ConversationId conversation, MessageId id) {
    return find(conversation, id, true);
  }

  /** As {@link #find(ConversationId, MessageId)}, as it was before a person answered. */
  Optional<TurnOutcome> findFirst(ConversationId conversation, MessageId id) {
    return find(conversation, id, false);
  }

  private Optional<TurnOutcome> find(
      ConversationId conversation, MessageId id, boolean answersOfPeople) {
    return database.read(tx -> {
      var found = Messages.find(tx, conversation, id);
      if (found.isEmpty()) {
        return Optional.of(new TurnOutcome.Deleted());
      }
      var question = found.get();
      var standing = Standing.find(tx, conversation, question.seq());
      if (standing.isPresent() && standing.get().isOpen()) {
        return Optional.empty();
      }
      if (standing.isPresent() && standing.get().isCompleted()) {
        return reply(tx, conversation, standing.get());
      }
      var otherwise =
          standing
              .filter(Standing::isFailed)
              .<TurnOutcome>map(Outcomes::failed)
              .orElseGet(() -> new TurnOutcome.HeldForPerson(question));
      var answer =
          answersOfPeople
              ? Messages.findAnswer(tx, conversation, id, question.seq())
              : Optional.<Message>empty();
      // A person may have answered what the agent could not, if it is that which they answered.
      return Optional.of(
          answer
              .filter(
                  m -> otherwise instanceof TurnOutcome.HeldForPerson || id.equals(m.questionId()))
              .<TurnOutcome>map(TurnOutcome.Replied::new)
              .orElse(otherwise));
    });
  }

  private static Optional<TurnOutcome> reply(
      Handle tx, ConversationId conversation, Standing completed) {
    return Messages.findAnswer(tx, conversation, completed.question(), completed.questionSeq())
        .map(TurnOutcome.Replied::new);
  }

  private static TurnOutcome failed(Standing standing) {
    var reason = FailureReason.valueOf(String.valueOf(standing.reason()));
    return new TurnOutcome.Failed(
        reason, reason.text(standing.errorMessage(), String.valueOf(standing.detail())));
  }
}

package dev.colloquy.turn;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Messages;
import dev.colloquy.message.SenderRole;
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
  private final ConcurrentHashMap<MessageId, Waiters> byQuestion = new ConcurrentHashMap<>();

  /** Those who wait for one question; counted only while the map's entry is computed. */
  private static final class Waiters {
    private final CompletableFuture<TurnOutcome> outcome = new CompletableFuture<>();
    private int count;
  }

  Outcomes(TurnRepository turns, Database database) {
    this.turns = turns;
    this.database = database;
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
      if (standing.isPresent() && standing.get().isCompleted()) {
        var turn = standing.get();
        return Messages.findAnswer(tx, conversation, turn.question(), turn.questionSeq())
            .map(TurnOutcome.Replied::new);
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

package dev.colloquy.turn;

import dev.colloquy.message.Message;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Takes questions and gets them answered: the life of a message. The question is committed before
 * anything else happens (invariant 1); its turn is run apart from the caller.
 */
@Singleton
final class TurnService {
  // How often a caller looks into the database while another node may be answering.
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final TurnRepository turns;
  private final TurnRunner runner;
  private final Admission admission;
  private final Outcomes outcomes;
  private final Holds holds;
  private final Node node;
  private final TurnConfig config;

  TurnService(
      TurnRepository turns,
      TurnRunner runner,
      Admission admission,
      Outcomes outcomes,
      Holds holds,
      Node node,
      TurnConfig config) {
    this.turns = turns;
    this.runner = runner;
    this.admission = admission;
    this.outcomes = outcomes;
    this.holds = holds;
    this.node = node;
    this.config = config;
  }

  /** Stores the question and starts its turn; does not wait for it. */
  Message send(TurnRepository.Question question) throws InterruptedException {
    var permit = admission.enter(question.agent().agent());
    return switch (accept(question, permit)) {
      case Accepted.Claimed(var turn, var _) -> turn.question();
      case Accepted.Pending(var stored) -> {
        permit.release();
        yield stored;
      }
      case Accepted.Held(var stored) -> {
        permit.release();
        yield stored;
      }
      case Accepted refused -> throw refusal(refused, permit);
    };
  }

  /**
   * Stores the question and waits for what becomes of it.
   *
   * @return the outcome; nothing when it took longer than a caller may wait, and goes on
   */
  Optional<TurnOutcome> answer(TurnRepository.Question question) throws InterruptedException {
    var permit = admission.enter(question.agent().agent());
    var outcome = outcomes.enter(question.id());
    try {
      return switch (accept(question, permit)) {
        case Accepted.Claimed(var turn, var _) -> await(turn.question(), outcome);
        case Accepted.Pending(var stored) -> {
          try {
            yield await(stored, outcome);
          } finally {
            permit.release();
          }
        }
        case Accepted.Held(var stored) -> {
          permit.release();
          yield Optional.of(new TurnOutcome.HeldForPerson(stored));
        }
        case Accepted refused -> throw refusal(refused, permit);
      };
    } finally {
      outcomes.leave(question.id());
    }
  }

  /** Stores the question; a turn that is claimed has the permit from here on. */
  private Accepted accept(TurnRepository.Question question, Admission.Permit permit)
      throws InterruptedException {
    var hold = holds.begin(question.conversation());
    var running = false;
    var stored = false;
    try {
      var accepted = admission.start(() -> turns.accept(question, node.id()));
      stored = true;
      outcomes.happened(question.agent().agent(), question.conversation());
      if (accepted instanceof Accepted.Claimed(var turn, var agentLimit)) {
        permit.learn(agentLimit);
        running = true;
        runner.run(turn, hold, permit);
      }
      return accepted;
    } finally {
      if (!running) {
        hold.end();
      }
      if (!stored) {
        permit.release();
      }
    }
  }

  private static ApiException refusal(Accepted refused, Admission.Permit permit) {
    permit.release();
    return switch (refused) {
      case Accepted.AgentInactive() ->
          ApiException.of(ErrorCode.CONFLICT, "agent", "is inactive and takes no messages");
      case Accepted.TooManyOpen() ->
          new ApiException(
              ErrorCode.OVERLOADED,
              java.util.List.of(
                  new dev.colloquy.platform.http.ErrorResponse.Detail(
                      "conversation", "too many of its questions are waiting for a reply")),
              Duration.ofSeconds(1));
      default -> ApiException.notFound();
    };
  }

  private Optional<TurnOutcome> await(Message question, CompletableFuture<TurnOutcome> outcome)
      throws InterruptedException {
    var deadline = System.nanoTime() + config.timeLimit().plus(LOOK).toNanos();
    while (true) {
      try {
        return Optional.of(outcome.get(LOOK.toNanos(), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        var late = System.nanoTime() > deadline;
        if (late || !runner.isHeld(question.conversation())) {
          var found = outcomes.find(question.conversation(), question.id());
          if (found.isPresent() || late) {
            return found;
          }
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("outcomes are values, never exceptions", e);
      }
    }
  }
}

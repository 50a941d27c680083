package dev.colloquy.turn;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.idempotency.Idempotency;
import dev.colloquy.message.Message;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.ErrorResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes questions and gets them answered: the life of a message. The question is committed before
 * anything else happens (invariant 1); its turn is run apart from the caller.
 */
@Singleton
final class TurnService {
  private static final Logger log = Logger.getLogger(TurnService.class);

  private final Intake intake;
  private final TurnRunner runner;
  private final Admission admission;
  private final Outcomes outcomes;
  private final Holds holds;
  private final Node node;
  private final TurnConfig config;

  TurnService(
      Intake intake,
      TurnRunner runner,
      Admission admission,
      Outcomes outcomes,
      Holds holds,
      Node node,
      TurnConfig config) {
    this.intake = intake;
    this.runner = runner;
    this.admission = admission;
    this.outcomes = outcomes;
    this.holds = holds;
    this.node = node;
    this.config = config;
  }

  /**
   * Stores the question and starts its turn.
   *
   * @return what is stored, to wait for if wanted, and to be closed; or that of an earlier request
   *     which this one repeats
   */
  Asked ask(TurnRepository.Question question) throws InterruptedException {
    requireLease();
    var permit = admission.enter(question.agent().agent());
    var told = outcomes.enter(question.id());
    var stored = false;
    try {
      var accepted = accept(question, permit);
      if (accepted instanceof Accepted.Replayed(var earlier)) {
        return again(question.conversation(), earlier);
      }
      var message = message(accepted);
      if (accepted instanceof Accepted.Held) {
        told.complete(new TurnOutcome.HeldForPerson(message));
      }
      stored = true;
      return asked(question, message, told, accepted, permit);
    } finally {
      if (!stored) {
        outcomes.leave(question.id());
        permit.release();
      }
    }
  }

  /** What this node begins now, another one would take up at once, or the next start. */
  private void requireLease() {
    if (node.isStopping() || !node.hasLease()) {
      var reason =
          node.isStopping() ? "the server stops" : "the server has lost touch with its database";
      throw new ApiException(
          ErrorCode.UNAVAILABLE,
          List.of(new ErrorResponse.Detail("node", reason)),
          Duration.ofSeconds(2));
    }
  }

  private Asked asked(
      TurnRepository.Question question,
      Message message,
      CompletableFuture<TurnOutcome> told,
      Accepted accepted,
      Admission.Permit permit) {
    var isClaimed = accepted instanceof Accepted.Claimed;
    return new Asked(
        message,
        told,
        () -> runner.isAnswering(place(message)),
        () -> outcomes.findFirst(question.conversation(), question.id()),
        () -> {
          outcomes.leave(question.id());
          if (!isClaimed) {
            permit.release();
          }
        });
  }

  /** What a question has before it is stored. */
  private record Place(
      TurnRepository.Question question,
      Admission.Permit permit,
      Holds.Hold hold,
      CompletableFuture<TurnOutcome> told) {}

  private Place enter(TurnRepository.Question question) {
    var permit = admission.enter(question.agent().agent());
    return new Place(
        question, permit, holds.begin(question.conversation()), outcomes.enter(question.id()));
  }

  /**
   * Does the work and stores what it asks in one transaction, and starts its turn.
   *
   * @return what is stored, to wait for if wanted, and to be closed; nothing where nothing was
   *     asked
   */
  Optional<Asked> ask(Intake.Work work) throws InterruptedException {
    var entered = new AtomicReference<@Nullable Place>();
    var stored = false;
    try {
      var taken = admission.start(() -> intake.accept(work, q -> entered.set(enter(q)), node.id()));
      var place = entered.get();
      if (taken.isEmpty() || place == null) {
        return Optional.empty();
      }
      var accepted = taken.get();
      var message = message(accepted);
      stored = true;
      if (accepted instanceof Accepted.Held) {
        place.told.complete(new TurnOutcome.HeldForPerson(message));
      }
      start(place.question, accepted, place.hold, place.permit);
      return Optional.of(asked(place.question, message, place.told, accepted, place.permit));
    } finally {
      var place = entered.get();
      if (!stored && place != null) {
        outcomes.leave(place.question.id());
        place.hold.end();
        place.permit.release();
      }
    }
  }

  /** Stores the question and waits for what becomes of it, for as long as a caller may wait. */
  Optional<TurnOutcome> await(Asked asked) throws InterruptedException {
    return asked.await(config.timeLimit().plus(Asked.LOOK));
  }

  /** An earlier request's question: what its caller was told, or waits for, is told again. */
  Asked again(ConversationId conversation, MessageId question) {
    var message = outcomes.question(conversation, question);
    var told = outcomes.enter(question);
    var found = outcomes.findFirst(conversation, question);
    return new Asked(
            message,
            found.map(CompletableFuture::completedFuture).orElse(told),
            () -> runner.isAnswering(place(message)),
            () -> outcomes.findFirst(conversation, question),
            () -> outcomes.leave(question))
        .asReplay();
  }

  private static TurnRepository.Place place(Message question) {
    return new TurnRepository.Place(question.conversation(), question.seq());
  }

  private static Message message(Accepted accepted) {
    return switch (accepted) {
      case Accepted.Claimed(var turn) -> turn.question();
      case Accepted.Pending(var stored) -> stored;
      case Accepted.Gathering(var stored, var _, var _) -> stored;
      case Accepted.Held(var stored) -> stored;
      case Accepted refused -> throw refusal(refused);
    };
  }

  /** Stores the question; a turn that is claimed has the permit from here on. */
  private Accepted accept(TurnRepository.Question question, Admission.Permit permit)
      throws InterruptedException {
    var hold = holds.begin(question.conversation());
    var stored = false;
    try {
      var accepted = admission.start(() -> intake.accept(question, node.id()));
      stored = true;
      start(question, accepted, hold, permit);
      return accepted;
    } finally {
      if (!stored) {
        hold.end();
        permit.release();
      }
    }
  }

  /** Starts what was accepted: runs its turn, or ends the hold. */
  private void start(
      TurnRepository.Question question,
      Accepted accepted,
      Holds.Hold hold,
      Admission.Permit permit) {
    var running = false;
    try {
      outcomes.happened(question.agent().agent(), question.conversation());
      if (accepted instanceof Accepted.Claimed(var turn)) {
        if (!turn.merged().isEmpty()) {
          holds.doubt(question.conversation());
          hold.renew();
        }
        permit.learn(turn.settings().turnsInFlight());
        running = true;
        runner.run(turn, hold, permit);
      } else if (accepted instanceof Accepted.Gathering(var _, var startsIn, var interrupts)) {
        if (interrupts) {
          holds.doubt(question.conversation());
        }
        takeUpLater(question.agent().agent(), question.conversation(), startsIn);
      }
    } finally {
      if (!running) {
        hold.end();
      }
    }
  }

  /** Takes up the conversation's first turn once it may start. */
  private void takeUpLater(AgentId agent, ConversationId conversation, Duration startsIn) {
    Thread.ofVirtual()
        .name("burst-" + conversation)
        .start(() -> {
          try {
            Thread.sleep(startsIn);
            takeUp(agent, conversation);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            // The sweep takes it up.
            log.errorf(e, "conversation=%s event=turn-not-taken-up", conversation);
          }
        });
  }

  private void takeUp(AgentId agent, ConversationId conversation) {
    if (!node.isStopping()) {
      runner.takeUp(conversation, Optional.empty(), Lock.WHEN_FREE, admission.enterAnyway(agent));
    }
  }

  /** Ends the call of a turn that was ended, tells who waits for it, and takes up the next one. */
  void ended(
      AgentId agent,
      ConversationId conversation,
      MessageId question,
      Cancellation.Cancelled cancelled) {
    if (cancelled.wasRunning()) {
      holds.doubt(conversation);
    }
    outcomes.happened(agent, conversation);
    outcomes.find(conversation, question).ifPresent(outcome -> outcomes.tell(question, outcome));
    if (cancelled.openTurns() > 0) {
      takeUp(agent, conversation);
    }
  }

  /**
   * Waits for what becomes of a question that was stored before.
   *
   * @param time how long at most
   * @return the outcome; nothing while it is open, or waits for a person
   */
  Optional<TurnOutcome> await(ConversationId conversation, MessageId question, Duration time)
      throws InterruptedException {
    var deadline = System.nanoTime() + time.toNanos();
    var told = outcomes.enter(question);
    try {
      while (true) {
        var found = outcomes.find(conversation, question);
        var left = deadline - System.nanoTime();
        var isOpen = found.isEmpty() || found.get() instanceof TurnOutcome.HeldForPerson;
        if (!isOpen || left <= 0 || node.isStopping()) {
          return found;
        }
        try {
          var _ = told.get(Math.min(left, Asked.LOOK.toNanos()), TimeUnit.NANOSECONDS);
          // Told once only: from here on the database is looked at.
          told = new CompletableFuture<>();
        } catch (TimeoutException e) {
          // It is looked at again above, as another node may have answered.
        } catch (ExecutionException e) {
          throw new IllegalStateException("outcomes are values, never exceptions", e);
        }
      }
    } finally {
      outcomes.leave(question);
    }
  }

  private static ApiException refusal(Accepted refused) {
    return switch (refused) {
      case Accepted.AgentInactive() ->
          ApiException.of(ErrorCode.CONFLICT, "agent", "is inactive and takes no messages");
      case Accepted.OtherBody() -> Idempotency.otherBody();
      case Accepted.Busy() ->
          ApiException.of(
              ErrorCode.CONFLICT, "conversation", "another of its messages is being answered");
      case Accepted.TooManyOpen() ->
          new ApiException(
              ErrorCode.OVERLOADED,
              List.of(
                  new ErrorResponse.Detail(
                      "conversation", "too many of its questions are waiting for a reply")),
              Duration.ofSeconds(1));
      default -> ApiException.notFound();
    };
  }
}

package dev.colloquy.turn;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.conversation.ModeChanged;
import dev.colloquy.model.ModelException;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

/**
 * Runs turns, each on a virtual thread of its own, apart from whoever waits for it: a caller that
 * hangs up changes nothing. When a turn has ended, the same thread goes on with the conversation's
 * next one.
 */
@Singleton
final class TurnRunner {
  private static final Logger log = Logger.getLogger(TurnRunner.class);

  private final TurnRepository turns;
  private final Answerer answerer;
  private final Outcomes outcomes;
  private final Holds holds;
  private final Node node;
  private final TurnConfig config;
  private final MeterRegistry meters;

  TurnRunner(
      TurnRepository turns,
      Answerer answerer,
      Outcomes outcomes,
      Holds holds,
      Node node,
      TurnConfig config,
      MeterRegistry meters) {
    this.turns = turns;
    this.answerer = answerer;
    this.outcomes = outcomes;
    this.holds = holds;
    this.node = node;
    this.config = config;
    this.meters = meters;
  }

  /** Runs the turn, and then those that wait behind it. Ends the hold and releases the permit. */
  void run(Turn turn, Holds.Hold hold, Admission.Permit permit) {
    Thread.ofVirtual()
        .name("turn-" + turn.question().id())
        .start(() -> {
          try {
            runAll(turn, hold);
          } catch (RuntimeException e) {
            // The database is away. What is open is taken up again when it is back.
            log.errorf(e, "conversation=%s event=turn-left-open", turn.question().conversation());
          } finally {
            hold.end();
            permit.release();
          }
        });
  }

  /**
   * Claims the conversation's first open turn if nobody holds it, and runs it.
   *
   * @param lost a turn that is this node's by the database, but that no thread works on
   * @param lock whether it waits for others who change the conversation
   */
  void takeUp(
      ConversationId conversation,
      Optional<TurnRepository.Place> lost,
      Lock lock,
      Admission.Permit permit) {
    var hold = holds.begin(conversation);
    var running = false;
    try {
      var claim = claim(conversation, lost, lock);
      if (claim.isPresent()) {
        log.infof("conversation=%s event=turn-taken-up", conversation);
        running = true;
        run(claim.get(), hold, permit);
      }
    } finally {
      if (!running) {
        hold.end();
        permit.release();
      }
    }
  }

  private void runAll(Turn first, Holds.Hold hold) {
    var next = Optional.of(first);
    while (next.isPresent() && runOne(next.get(), hold)) {
      hold.renew();
      next = claim(first.question().conversation(), Optional.empty(), Lock.WHEN_FREE);
    }
  }

  /** Runs one turn to its end; whether another one waits behind it. */
  private boolean runOne(Turn turn, Holds.Hold hold) {
    var sample = Timer.start(meters);
    var end = attempt(turn, hold);
    sample.stop(
        Timer.builder("colloquy.turns")
            .description("Turns by how they ended")
            .tag("outcome", end.outcome().map(TurnRunner::name).orElse("left_open"))
            .register(meters));
    tell(turn, end);
    return end.openTurns() > 0;
  }

  private void tell(Turn turn, End end) {
    end.outcome().ifPresent(outcome -> outcomes.tell(turn.question().id(), outcome));
    for (var merged : turn.merged()) {
      outcomes
          .findFirst(turn.question().conversation(), merged)
          .ifPresent(outcome -> outcomes.tell(merged, outcome));
    }
    outcomes.happened(turn.agent().agent(), turn.question().conversation());
  }

  /** How a turn ended here, if it did, and how many of its conversation are still open. */
  private record End(Optional<TurnOutcome> outcome, int openTurns) {
    static final End LEFT_OPEN = new End(Optional.empty(), 0);

    End(TurnOutcome outcome, int openTurns) {
      this(Optional.of(outcome), openTurns);
    }
  }

  private End attempt(Turn turn, Holds.Hold hold) {
    try {
      var reply = ask(turn, hold);
      return reply.isEmpty() ? abandon(turn) : store(turn, reply.get());
    } catch (ModelException e) {
      return fail(turn, reason(e), String.valueOf(e.getMessage()));
    } catch (Database.UnavailableException | Database.JdbcException | JdbiException e) {
      // Whether or not a commit arrived, the turn can be taken up again: it has one effect.
      log.errorf(e, "conversation=%s event=turn-left-open", turn.question().conversation());
      return End.LEFT_OPEN;
    } catch (RuntimeException e) {
      log.errorf(e, "conversation=%s event=turn-failed", turn.question().conversation());
      return fail(turn, FailureReason.BUG, e.getClass().getSimpleName());
    }
  }

  /** Asks the model until it answers or fails; nothing where nobody wants the reply here. */
  private Optional<Reply> ask(Turn turn, Holds.Hold hold) throws ModelException {
    while (true) {
      try {
        return Optional.of(askOnce(turn, hold));
      } catch (InterruptedException e) {
        // A person took over, or the server stops. What ended the call may also have been meant for
        // the turn before: then it is made again.
        if (node.isStopping() || !node.hasLease() || !turns.holds(turn)) {
          return Optional.empty();
        }
        hold.renew();
      }
    }
  }

  /** Asks the model, so that a take-over can end that at any point, and nothing else. */
  private Reply askOnce(Turn turn, Holds.Hold hold) throws ModelException, InterruptedException {
    var call = new ModelCall(place(turn));
    hold.enter(call);
    try {
      if (hold.isDoubtful() && !turns.holds(turn)) {
        throw new InterruptedException();
      }
      var prepared = answerer.prepare(turn);
      call.begin();
      return answerer.ask(turn, prepared);
    } finally {
      hold.leave(call);
      call.end();
    }
  }

  private static TurnRepository.Place place(Turn turn) {
    return new TurnRepository.Place(turn.question().conversation(), turn.question().seq());
  }

  private End store(Turn turn, Reply reply) {
    return turns
        .reply(turn, new MessageId(Ids.next()), reply)
        .map(done -> new End(new TurnOutcome.Replied(done.reply()), done.openTurns()))
        .orElseGet(() -> lost(turn));
  }

  private End abandon(Turn turn) {
    return node.isStopping() || !node.hasLease() ? End.LEFT_OPEN : lost(turn);
  }

  private End fail(Turn turn, FailureReason reason, String detail) {
    log.warnf(
        "conversation=%s agent=%s reason=%s detail=\"%s\" event=turn-failed",
        turn.question().conversation(), turn.agent().agent(), reason, detail);
    try {
      return turns
          .fail(turn, reason, detail)
          .map(open -> new End(failed(turn, reason, detail), open))
          .orElseGet(() -> lost(turn));
    } catch (RuntimeException e) {
      // The database is away: the turn stays open and is taken up again when it is back.
      log.errorf(e, "conversation=%s event=turn-left-open", turn.question().conversation());
      return End.LEFT_OPEN;
    }
  }

  private static TurnOutcome failed(Turn turn, FailureReason reason, String detail) {
    return new TurnOutcome.Failed(
        reason, reason.text(turn.settings().defaultErrorMessage(), detail));
  }

  /** Somebody else ended the turn, or holds it now: what the database says is what happened. */
  private End lost(Turn turn) {
    return new End(outcomes.findFirst(turn.question().conversation(), turn.question().id()), 0);
  }

  /** Claims the first open turn; those that were claimed too often end as failed. */
  private Optional<Turn> claim(
      ConversationId conversation, Optional<TurnRepository.Place> lost, Lock lock) {
    while (!node.isStopping() && node.hasLease()) {
      var claim = turns.claimFirst(conversation, node.id(), lost, lock);
      if (claim.isEmpty()) {
        return Optional.empty();
      }
      var turn = claim.get().turn();
      if (claim.get().attempts() <= config.attempts()) {
        return Optional.of(turn);
      }
      var end = fail(turn, FailureReason.GAVE_UP, claim.get().attempts() - 1 + " attempts");
      tell(turn, end);
    }
    return Optional.empty();
  }

  /** Ends the model's call of a conversation that a person took over: nobody will hear it. */
  void onModeChanged(@Observes ModeChanged changed) {
    holds.doubt(changed.conversation());
  }

  /** Whether a thread of this node works on the conversation, or is about to. */
  boolean isHeld(ConversationId conversation) {
    return holds.contains(conversation);
  }

  /** Whether this node makes the reply to that question. */
  boolean isAnswering(TurnRepository.Place place) {
    return holds.calls(place.conversation()).stream().anyMatch(call -> call.place().equals(place));
  }

  /** The turns whose replies are made on this node. */
  Set<TurnRepository.Place> asked() {
    return holds.calls().stream().map(ModelCall::place).collect(Collectors.toSet());
  }

  /** Ends the call of a turn that is no longer this node's, if it goes on. */
  void interrupt(TurnRepository.Place place) {
    holds.calls(place.conversation()).stream()
        .filter(call -> call.place().equals(place))
        .forEach(ModelCall::interrupt);
  }

  /** Ends the model's calls of all turns of this node. They stay open and are taken up again. */
  void interruptAll() {
    holds.calls().forEach(ModelCall::interrupt);
  }

  /** The same, and tells who waits for them. */
  void stopAll() {
    interruptAll();
    outcomes.stop();
  }

  private static FailureReason reason(ModelException e) {
    return switch (e.reason()) {
      case RETRYABLE -> FailureReason.MODEL_FAILED;
      case TIMED_OUT -> FailureReason.MODEL_TIMED_OUT;
      case REJECTED -> FailureReason.MODEL_REFUSED;
      case NOT_CONFIGURED -> FailureReason.MODEL_NOT_CONFIGURED;
    };
  }

  private static String name(TurnOutcome outcome) {
    return switch (outcome) {
      case TurnOutcome.Replied(var _) -> "replied";
      case TurnOutcome.HeldForPerson(var _) -> "held";
      case TurnOutcome.Failed(var reason, var _) ->
          reason.name().toLowerCase(java.util.Locale.ROOT);
      case TurnOutcome.LeftOpen() -> "left_open";
      case TurnOutcome.Deleted() -> "deleted";
    };
  }
}

package dev.colloquy.turn;

import dev.colloquy.message.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A question that is stored, and whoever waits for what becomes of it. For one thread. */
final class Asked implements AutoCloseable {
  // How often the database is looked at while another node may be answering.
  static final Duration LOOK = Duration.ofSeconds(1);

  private final Message question;
  private final CompletableFuture<TurnOutcome> told;
  private final BooleanSupplier runsHere;
  private final Supplier<Optional<TurnOutcome>> find;
  private final Runnable end;
  private boolean replay;
  private long lookedAt = System.nanoTime();

  /**
   * Made by {@link TurnService}.
   *
   * @param told completes when this node hears of the outcome
   * @param runsHere whether a thread of this node works on it
   * @param find looks for the outcome in the database
   */
  Asked(
      Message question,
      CompletableFuture<TurnOutcome> told,
      BooleanSupplier runsHere,
      Supplier<Optional<TurnOutcome>> find,
      Runnable end) {
    this.question = question;
    this.told = told;
    this.runsHere = runsHere;
    this.find = find;
    this.end = end;
  }

  /** The same, stored by an earlier request. */
  Asked asReplay() {
    replay = true;
    return this;
  }

  boolean isReplay() {
    return replay;
  }

  Message question() {
    return question;
  }

  /** Calls the listener once, when this node has heard of the outcome. */
  void onTold(Runnable listener) {
    var _ = told.whenComplete((_, _) -> listener.run());
  }

  /** The outcome as far as it is known now; looks at the database no more often than needed. */
  Optional<TurnOutcome> look() {
    if (told.isDone()) {
      return Optional.of(told.join());
    }
    var now = System.nanoTime();
    if (runsHere.getAsBoolean() || now - lookedAt < LOOK.toNanos()) {
      return Optional.empty();
    }
    lookedAt = now;
    return find.get();
  }

  /** Waits so long at most; the outcome, or nothing while the turn is open. */
  Optional<TurnOutcome> await(Duration time) throws InterruptedException {
    var deadline = System.nanoTime() + time.toNanos();
    while (true) {
      var left = deadline - System.nanoTime();
      try {
        return Optional.of(told.get(Math.clamp(left, 0, LOOK.toNanos()), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        var late = System.nanoTime() >= deadline;
        if (late || !runsHere.getAsBoolean()) {
          var found = find.get();
          if (found.isPresent() || late) {
            return found;
          }
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("outcomes are values, never exceptions", e);
      }
    }
  }

  @Override
  public void close() {
    end.run();
  }
}

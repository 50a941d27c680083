package dev.colloquy.event;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Follows a feed from a place on: each page is what came after the one before. For one thread;
 * holds no connection while it waits.
 *
 * @param <P> a place in the feed
 */
final class Follower<P> implements AutoCloseable {
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LAST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

  private final Watch<P> watch;
  private final Function<P, Found> look;
  private final Function<FeedEvent, P> after;
  private final BooleanSupplier stopped;
  private P place;

  /**
   * What was found after a place.
   *
   * @param heldBack whether something is there that cannot be read yet; nobody signals when it can
   */
  record Found(List<FeedEvent> events, boolean heldBack) {}

  Follower(
      Watch<P> watch,
      Function<P, Found> look,
      Function<FeedEvent, P> after,
      BooleanSupplier stopped) {
    this.watch = watch;
    this.look = look;
    this.after = after;
    this.stopped = stopped;
    place = watch.seen();
  }

  /** The next page; empty when nothing has come in so long, or the server stops. */
  List<FeedEvent> next(Duration wait) throws InterruptedException {
    return next(wait, () -> {});
  }

  /**
   * As {@link #next(Duration)}.
   *
   * @param meanwhile done whenever the wait begins or was ended for another reason than an event
   */
  List<FeedEvent> next(Duration wait, Runnable meanwhile) throws InterruptedException {
    var deadline = System.nanoTime() + wait.toNanos();
    var pause = FIRST_PAUSE;
    while (true) {
      var _ = watch.takeChanged();
      var found = look.apply(place);
      if (!found.events().isEmpty()) {
        place = after.apply(found.events().getLast());
        return found.events();
      }
      if (found.heldBack()) {
        watch.await(place, Duration.ofNanos(Math.clamp(deadline - System.nanoTime(), 0, pause)));
        pause = Math.min(LAST_PAUSE, 2 * pause);
      } else {
        awaitChange(deadline, meanwhile);
        pause = FIRST_PAUSE;
      }
      if (deadline - System.nanoTime() <= 0 || stopped.getAsBoolean()) {
        return List.of();
      }
    }
  }

  private void awaitChange(long deadline, Runnable meanwhile) throws InterruptedException {
    do {
      meanwhile.run();
      watch.await(place, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    } while (!watch.takeChanged() && deadline - System.nanoTime() > 0 && !stopped.getAsBoolean());
  }

  @Override
  public void close() {
    watch.close();
  }
}

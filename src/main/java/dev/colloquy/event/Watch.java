package dev.colloquy.event;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A reader that waits for something to happen. Begin to watch before you look: what happens after
 * the look then ends the wait.
 *
 * @param <P> a place in a feed
 */
final class Watch<P> implements AutoCloseable {
  private final Semaphore woken = new Semaphore(0);
  private final Consumer<Watch<P>> leave;
  private volatile P seen;

  /**
   * Made by {@link Watches}.
   *
   * @param seen the place that the reader has come to
   */
  Watch(P seen, Consumer<Watch<P>> leave) {
    this.seen = seen;
    this.leave = leave;
  }

  /** The place after which the reader has seen nothing. */
  P seen() {
    return seen;
  }

  /** Ends the present wait, or the next one. */
  void wake() {
    if (woken.availablePermits() == 0) {
      woken.release();
    }
  }

  /** Waits until something may have happened after that place, or so long. */
  void await(P place, long nanos) throws InterruptedException {
    seen = place;
    var _ = woken.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    // Whoever woke us until here is answered by the look that follows.
    woken.drainPermits();
  }

  @Override
  public void close() {
    leave.accept(this);
  }
}

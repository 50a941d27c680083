package dev.colloquy.event;

import dev.colloquy.platform.signal.Subscription;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader that waits for something to happen. Begin to watch before you look: what happens after
 * the look then ends the wait.
 *
 * @param <P> a place in a feed
 */
final class Watch<P> implements AutoCloseable {
  private final Waiting waiting;
  private final Set<Watch<P>> all;
  private volatile P seen;
  private volatile boolean changed;
  private @Nullable Subscription subscription;

  /**
   * Made by {@link Watches}.
   *
   * @param seen the place that the reader has come to
   * @param all where it is to be taken from when it is closed
   */
  Watch(P seen, Waiting waiting, Set<Watch<P>> all) {
    this.seen = seen;
    this.waiting = waiting;
    this.all = all;
  }

  /** What wakes it, given back when it is closed. */
  void listen(Subscription signals) {
    subscription = signals;
  }

  /** The place after which the reader has seen nothing. */
  P seen() {
    return seen;
  }

  /** Something may have happened: ends the present wait, or the next one. */
  void wake() {
    changed = true;
    waiting.wake();
  }

  /** Whether something may have happened since this was asked last. */
  boolean takeChanged() {
    var was = changed;
    changed = false;
    return was;
  }

  /** Waits until something may have happened after that place, or so long. */
  void await(P place, Duration atMost) throws InterruptedException {
    seen = place;
    waiting.await(atMost);
  }

  @Override
  public void close() {
    all.remove(this);
    if (subscription != null) {
      subscription.close();
    }
  }
}

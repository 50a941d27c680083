package dev.colloquy.event;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The wait of a caller who wants one page. */
final class LongPoll implements Waiting {
  private final Semaphore woken = new Semaphore(0);

  @Override
  public void wake() {
    if (woken.availablePermits() == 0) {
      woken.release();
    }
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    var _ = woken.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    // Whoever woke us until here is answered by the look that follows.
    woken.drainPermits();
  }
}

package dev.colloquy.event;

import java.time.Duration;

/** How a reader's thread waits. */
interface Waiting {
  /** Ends the present wait, or the next one; on any thread, and never blocks. */
  void wake();

  /** Waits until it was woken since this returned last, or so long. */
  void await(Duration atMost) throws InterruptedException;
}

package dev.colloquy.event;

import dev.colloquy.platform.http.EventStream;
import java.time.Duration;

/**
 * The wait of a reader of a stream, which also ends when the reader is gone or the server stops.
 */
record StreamWaiting(EventStream stream) implements Waiting {
  @Override
  public void wake() {
    stream.wake();
  }

  @Override
  public void await(Duration atMost) {
    var _ = stream.await(atMost);
  }
}

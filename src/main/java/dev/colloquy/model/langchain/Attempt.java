package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelName;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call under way: how long it may take and why it is to stop. LangChain4j calls our HTTP client
 * on the calling thread but hands no state of the call to it, so the attempt travels as a scoped
 * value. Used by the calling thread only, except {@link #expire}.
 */
final class Attempt {
  static final ScopedValue<Attempt> CURRENT = ScopedValue.newInstance();

  private final ModelName model;
  private final long endNanos;
  private volatile boolean expired;
  private boolean doneSeen;
  private @Nullable RuntimeException stop;

  Attempt(ModelName model, Duration timeLimit) {
    this.model = model;
    this.endNanos = System.nanoTime() + timeLimit.toNanos();
  }

  ModelName model() {
    return model;
  }

  long nanosLeft() {
    return endNanos - System.nanoTime();
  }

  /** Ends the reading of the body at the time limit; called by a timer. */
  void expire(InputStream body) {
    expired = true;
    try {
      body.close();
    } catch (IOException e) {
      // The reader learns of a broken stream by its own read.
    }
  }

  boolean expired() {
    return expired;
  }

  /** OpenAI's protocol ends a stream with {@code [DONE]}, which LangChain4j does not pass on. */
  void sawDone() {
    doneSeen = true;
  }

  boolean doneSeen() {
    return doneSeen;
  }

  /** Ends the call after the event at hand; the first reason given counts. */
  void stop(RuntimeException reason) {
    if (stop == null) {
      stop = reason;
    }
  }

  @Nullable RuntimeException stopped() {
    return stop;
  }
}

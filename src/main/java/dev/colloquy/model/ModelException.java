package dev.colloquy.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model that gave no usable reply. The message is for operators and logs: it holds the provider's
 * status and error code but neither keys nor anything that was said.
 */
public final class ModelException extends Exception {
  private final Reason reason;
  private final @Nullable Duration retryAfter;

  /** Why there is no reply, and so whether trying again can help. */
  public enum Reason {
    /** The provider is busy, limits us, or failed in passing (408, 409, 425, 429, 5xx, a reset). */
    RETRYABLE,
    /** No answer within the time limit. */
    TIMED_OUT,
    /** The provider has no key, no such model, or no base URL here: the operator must mend it. */
    NOT_CONFIGURED,
    /** The provider refused the request (other 4xx), or its answer cannot be used. */
    REJECTED
  }

  public ModelException(Reason reason, String message) {
    this(reason, message, null, null);
  }

  public ModelException(
      Reason reason, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  public Reason reason() {
    return reason;
  }

  /** How long the provider asked us to wait, where it did. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}

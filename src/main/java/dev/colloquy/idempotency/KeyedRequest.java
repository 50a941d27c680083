package dev.colloquy.idempotency;

import jakarta.enterprise.context.RequestScoped;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The current request's Idempotency-Key, if it has one; the filter finds it. */
@RequestScoped
class KeyedRequest {
  private @Nullable Supplier<IdempotentRequest> found;
  private @Nullable IdempotentRequest request;

  void set(Supplier<IdempotentRequest> made) {
    found = made;
  }

  /** The request; null without an Idempotency-Key. Asked for once the body has been read. */
  @Nullable IdempotentRequest get() {
    if (request == null && found != null) {
      request = found.get();
    }
    return request;
  }
}

package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;

/** Carries the end of a call through LangChain4j, whose methods declare no checked exceptions. */
final class CallFailure extends RuntimeException {
  /** A {@link ModelException} or an {@link InterruptedException}. */
  private final Exception checked;

  private CallFailure(Exception checked) {
    super(null, checked, false, false);
    this.checked = checked;
  }

  static CallFailure of(ModelException failure) {
    return new CallFailure(failure);
  }

  static CallFailure of(Reason reason, String message) {
    return new CallFailure(new ModelException(reason, message));
  }

  static CallFailure interrupted(InterruptedException cause) {
    return new CallFailure(cause);
  }

  /** Throws what is carried; declared to return so that callers can write {@code throw}. */
  RuntimeException rethrow() throws ModelException, InterruptedException {
    switch (checked) {
      case ModelException failure -> throw failure;
      case InterruptedException interrupt -> throw interrupt;
      default -> throw new IllegalStateException(checked);
    }
  }
}

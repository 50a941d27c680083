package dev.colloquy.model;

/**
 * A model name that this server cannot use. The message is fit for the one who wrote it, and reads
 * on from the field's name: "has the unknown provider `x`".
 */
public final class UnknownModelException extends Exception {
  private final String message;

  public UnknownModelException(String message) {
    super(message);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}

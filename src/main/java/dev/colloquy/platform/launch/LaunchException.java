package dev.colloquy.platform.launch;

/**
 * The server cannot start. The message tells the operator in one line what is wrong and what to do.
 */
final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LaunchException(String message) {
    super(message);
  }

  LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}

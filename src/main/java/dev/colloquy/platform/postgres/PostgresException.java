package dev.colloquy.platform.postgres;

import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL cannot be had. The message is written for the operator: what is wrong,
 * where, and what to do, without secrets.
 */
public final class PostgresException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PostgresException(String message) {
    super(message);
  }

  PostgresException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

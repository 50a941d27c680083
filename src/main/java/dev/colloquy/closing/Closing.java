package dev.colloquy.closing;

import org.jspecify.annotations.Nullable;

/**
 * What is said of a conversation when it is closed.
 *
 * @param title at most 255 characters; null where nothing was said
 * @param summary null where nothing was said
 * @param score from 0 (no real exchange) to 10
 */
record Closing(@Nullable String title, @Nullable String summary, int score) {
  /** For a conversation in which the two sides did not speak with each other. */
  static final Closing NO_EXCHANGE = new Closing(null, null, 0);
}

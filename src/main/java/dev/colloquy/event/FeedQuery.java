package dev.colloquy.event;

import dev.colloquy.platform.http.QueryText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The parameters that feeds share; 400 naming the one that is wrong. */
final class FeedQuery {
  /** What a reader of a stream sends when it comes back (WHATWG HTML, section 9.2). */
  static final String LAST_EVENT_ID = "Last-Event-ID";

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_WAIT_SECONDS = 30;

  private FeedQuery() {}

  /** How long to wait for an event: 0 to 30 s. */
  static Duration wait(@Nullable String text) {
    return Duration.ofSeconds(QueryText.number("wait", text, 0, MAX_WAIT_SECONDS, 0));
  }

  /** How many events a page has at most: 1 to 1,000. */
  static int limit(@Nullable String text) {
    return (int) QueryText.number("limit", text, 1, MAX_LIMIT, DEFAULT_LIMIT);
  }
}

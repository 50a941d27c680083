package dev.colloquy.model;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait between two attempts: half a second, doubled each time up to ten seconds, of
 * which a random half is left out so that calls that failed together do not return together.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** A provider that asks for more patience than this is not waited for. */
  static final Duration MOST_PATIENCE = Duration.ofSeconds(30);

  private final DoubleSupplier random;

  /** Takes a source of numbers from 0 (included) to 1 (not). */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /** The wait after the {@code failures}-th failure in a row (from 1) of one model. */
  Duration after(int failures, @Nullable Duration asked) {
    var full = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
    if (full.compareTo(LONGEST) > 0) {
      full = LONGEST;
    }
    var wait = Duration.ofNanos((long) (full.toNanos() * (0.5 + random.getAsDouble() / 2)));
    return asked != null && asked.compareTo(wait) > 0 ? asked : wait;
  }
}

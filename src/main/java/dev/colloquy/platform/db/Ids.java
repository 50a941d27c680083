package dev.colloquy.platform.db;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes ids: UUIDs of version 7 (RFC 9562, section 5.7), which grow with time, so that rows written
 * together lie together. Those of one process grow also within a millisecond, by a counter in the
 * 12 bits after the time (section 6.2, method 1): what it wrote first comes first where rows are
 * sorted by id. The other 62 bits are random: a Message-ID made of one is not guessed.
 */
public final class Ids {
  private static final int COUNTER_BITS = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The milliseconds since 1970, then the counter; runs ahead of the clock where it overflows. */
  private static final AtomicLong LAST = new AtomicLong();

  private static final int LENGTH = 36;

  private Ids() {}

  /** A new id, unlike any other. */
  public static UUID next() {
    var now = System.currentTimeMillis() << COUNTER_BITS;
    var next = LAST.updateAndGet(last -> Math.max(last + 1, now));
    var time = next >>> COUNTER_BITS << 16;
    var counter = next & ((1 << COUNTER_BITS) - 1);
    return new UUID(time | 0x7000 | counter, RANDOM.nextLong() >>> 2 | Long.MIN_VALUE);
  }

  /** The id that the text spells, in the usual form of 36 characters; nothing for any other. */
  public static Optional<UUID> parse(@Nullable String text) {
    if (text == null || text.length() != LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The id that a part of a path spells.
   *
   * @throws IllegalArgumentException for any other text; the HTTP layer answers it with 404
   */
  public static UUID inPath(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("no id"));
  }
}

package dev.colloquy.benchmark;

/**
 * Counts durations in log-linear buckets: exact below 128 µs, above that within 1/64 (1.6 %). One
 * thread.
 *
 * <p>The largest value is kept exactly. 30 kB however many values.
 */
final class Histogram {
  private static final int LINEAR_BITS = 6;
  private static final int LINEAR = 1 << LINEAR_BITS;

  private final long[] counts = new long[(64 - LINEAR_BITS) * LINEAR];
  private long count;
  private long max;

  /** Adds one duration in nanoseconds; a negative one counts as 0. */
  void add(long nanos) {
    var micros = Math.max(0, nanos) / 1_000;
    counts[bucket(micros)]++;
    count++;
    max = Math.max(max, nanos);
  }

  long count() {
    return count;
  }

  /**
   * The duration in milliseconds that the given share of the values does not exceed; 0 when there
   * are none.
   *
   * @param share above 0, at most 1
   */
  double quantileMillis(double share) {
    var rank = Math.max(1, (long) Math.ceil(share * count));
    var seen = 0L;
    for (var i = 0; i < counts.length && count > 0; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.min(upperMicros(i) / 1_000.0, maxMillis());
      }
    }
    return 0;
  }

  /** The longest duration in milliseconds; 0 when there are none. */
  double maxMillis() {
    return max / 1_000_000.0;
  }

  private static int bucket(long micros) {
    // Two rows of 64 are one microsecond wide; each further row of 64 covers twice the range of the
    // one before.
    var row = Math.max(0, 63 - Long.numberOfLeadingZeros(micros | 1) - LINEAR_BITS);
    return row * LINEAR + (int) (micros >>> row);
  }

  private static long upperMicros(int bucket) {
    var row = Math.max(0, bucket / LINEAR - 1);
    return ((bucket - row * LINEAR + 1L) << row) - 1;
  }
}

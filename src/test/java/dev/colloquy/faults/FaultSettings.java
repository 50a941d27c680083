package dev.colloquy.faults;

import java.time.Duration;

/**
 * How long and how hard the suite plays: {@code -Dfaults.seed}, {@code -Dfaults.kills}, {@code
 * -Dfaults.minutes}. The seed repeats what is tried and in which order; threads and processes are
 * as fast as they are.
 *
 * @param kills how many servers are killed
 * @param minutes how long it may take with everything that is checked at the end
 */
record FaultSettings(long seed, int kills, int minutes) {
  static final int NODES = 3;
  static final int CONVERSATIONS = 24;
  static final Duration LEASE = Duration.ofSeconds(2);

  /** How long everything may take to be answered once nothing is killed any more. */
  static final Duration SETTLING = Duration.ofSeconds(60);

  static FaultSettings ofProperties() {
    return new FaultSettings(
        Long.getLong("faults.seed", System.nanoTime()),
        Integer.getInteger("faults.kills", 5),
        Integer.getInteger("faults.minutes", 5));
  }

  /** For how long servers may be killed; what is left is for the end. */
  Duration playing() {
    return Duration.ofSeconds(Math.max(60, minutes * 60L - 210));
  }
}

package dev.colloquy.platform.signal;

import java.time.Duration;

/**
 * How often nodes speak.
 *
 * @param repeat how often a node repeats what it listens to
 * @param forget after how long without a word a node is taken for gone
 * @param pause how long one sending lasts at least, so that hints gather to fewer transactions
 * @param check how long the listening connection may be silent before it is tried
 */
record SignalTiming(Duration repeat, Duration forget, Duration pause, Duration check) {
  static final SignalTiming USUAL =
      new SignalTiming(
          Duration.ofSeconds(30),
          Duration.ofSeconds(90),
          Duration.ofMillis(5),
          Duration.ofSeconds(10));
}

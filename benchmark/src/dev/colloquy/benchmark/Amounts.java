package dev.colloquy.benchmark;

import java.util.List;

/**
 * How much of everything {@link Channels} sends.
 *
 * @param mails in each round, out and in
 * @param texts in each round
 * @param oneByOne mails and texts, each after the reply to the one before
 * @param calls with {@link #UTTERANCES} measured in each
 * @param warmUp mails out, mails in and texts before the first measurement
 * @param warmUpCalls calls before it
 */
record Amounts(int mails, int texts, int oneByOne, int calls, int warmUp, int warmUpCalls) {
  /** In each call, besides the first, which is not measured. */
  static final int UTTERANCES = 20;

  Amounts {
    if (Math.min(Math.min(mails, texts), Math.min(Math.min(oneByOne, calls), warmUp)) < 1) {
      throw new IllegalArgumentException("there must be at least 1 of everything");
    }
  }

  /** Takes its own options out of the command line. */
  static Amounts take(List<String> words) {
    var quick = words.contains("--quick");
    return new Amounts(
        take(words, "--mails", quick ? 200 : 2_000),
        take(words, "--texts", quick ? 200 : 2_000),
        take(words, "--one-by-one", quick ? 50 : 500),
        take(words, "--calls", quick ? 3 : 50),
        take(words, "--warm-up", quick ? 50 : 1_000),
        quick ? 1 : 10);
  }

  private static int take(List<String> words, String option, int usual) {
    return Integer.parseInt(Settings.take(words, option, Integer.toString(usual)));
  }
}

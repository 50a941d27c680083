package dev.colloquy.testing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Input made at random. The seed is printed; {@code -Dgenerated.seed=} that number makes the same
 * input again.
 */
public final class Generated {
  private Generated() {}

  /** Checks so many inputs; a failure says which one it was. */
  public static void tries(int tries, Consumer<RandomGenerator> check) {
    long seed = Long.getLong("generated.seed", System.nanoTime());
    System.out.println("generated.seed=" + seed);
    for (var number = 0; number < tries; number++) {
      try {
        // Each of its own, so that the input does not depend on how much the ones before took.
        check.accept(new SplittableRandom(seed + number));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("input %d of generated.seed=%d".formatted(number, seed), e);
      }
    }
  }

  /** One of them. */
  public static <T> T oneOf(RandomGenerator random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** From so many to so many of what is made, in between the separator. */
  public static String joined(
      RandomGenerator random, int least, int most, String separator, Supplier<String> part) {
    return Stream.generate(part)
        .limit(random.nextInt(least, most + 1))
        .collect(Collectors.joining(separator));
  }

  /** Up to so many characters, each from one of the ranges, such as {@code "az"}, ends included. */
  public static String text(RandomGenerator random, int most, List<String> ranges) {
    return joined(
        random,
        0,
        most,
        "",
        () -> {
          var range = oneOf(random, ranges);
          return Character.toString(random.nextInt(range.charAt(0), range.charAt(1) + 1));
        });
  }
}

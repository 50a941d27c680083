package dev.colloquy.benchmark;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What the load generator printed about one plan (see {@link Tally#line}). */
record Result(Map<String, String> values) {
  Result {
    values = Map.copyOf(values);
  }

  static Result parse(String line) {
    return new Result(
        Arrays.stream(line.strip().split(" "))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
  }

  double number(String name) {
    return Double.parseDouble(values.get(name));
  }

  long count(String name) {
    return Long.parseLong(values.get(name));
  }

  /** Messages that were sent and neither accepted nor refused for overload. */
  long errors() {
    return count("answered")
        - count("accepted")
        - count("refused")
        + count("broken")
        + count("unanswered");
  }
}

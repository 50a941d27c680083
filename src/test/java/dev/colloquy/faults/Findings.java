package dev.colloquy.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What must not be, and was found. For one thread. */
final class Findings {
  private final Map<Kind, List<String>> found = new EnumMap<>(Kind.class);

  /** What is promised never to happen. */
  enum Kind {
    LOST("lost"),
    DOUBLED("doubled"),
    OUT_OF_ORDER("out-of-order"),
    SPOKE_AFTER_TAKEOVER("spoke-after-takeover"),
    FEED_MISSED("feed-missed"),
    FEED_REPEATED("feed-repeated"),
    WRONG("wrong-answers");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  void add(Kind kind, String what) {
    found.computeIfAbsent(kind, _ -> new ArrayList<>()).add(what);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** All of them, one a line. */
  List<String> all() {
    return found.entrySet().stream()
        .flatMap(kind -> kind.getValue().stream().map(what -> kind.getKey().text + ": " + what))
        .toList();
  }

  @Override
  public String toString() {
    return List.of(Kind.values()).stream()
        .map(kind -> kind.text + "=" + found.getOrDefault(kind, List.of()).size())
        .collect(Collectors.joining(" "));
  }
}

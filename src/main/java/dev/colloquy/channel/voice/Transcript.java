package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.colloquy.message.Message;
import dev.colloquy.message.SenderRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds out what was said in a call and is not stored yet. What was stored while it was said, and
 * what was heard by the provider, are not the same to the letter: it writes numbers and signs in
 * its own way, cuts what one side says into several pieces, and puts pieces together; a reply that
 * was interrupted is spoken in part.
 */
final class Transcript {
  private static final int MOST_LINES = 2_000;
  private static final int LONGEST_LINE = 20_000;
  // Beyond that they are compared word for word only.
  private static final int MOST_WORDS = 400;
  private static final double ALIKE = 0.75;

  private Transcript() {}

  /** Something that was said, by the user or by the agent. */
  record Line(SenderRole role, String text) {}

  /** A provider's list of what was said: {@code role} is bot, assistant or user. */
  static List<Line> read(JsonNode messages) {
    var lines = new ArrayList<Line>();
    for (var message : messages) {
      var text = Json.text(message.path("message"), LONGEST_LINE);
      var content = text == null ? Json.text(message.path("content"), LONGEST_LINE) : text;
      if (content == null || lines.size() == MOST_LINES) {
        continue;
      }
      switch (message.path("role").asText()) {
        case "user" -> lines.add(new Line(SenderRole.CONVERSATION_USER, content));
        case "bot", "assistant" -> lines.add(new Line(SenderRole.ASSISTANT, content));
        default -> {} // its instructions, and what it did with tools
      }
    }
    return lines;
  }

  /** What is stored of one message, and how much of it was found spoken. */
  private static final class Stored {
    private final SenderRole role;
    private List<String> left;

    Stored(SenderRole role, List<String> words) {
      this.role = role;
      this.left = words;
    }
  }

  /**
   * The lines that are not among what is stored, in their order.
   *
   * @param stored what is stored of the call, in its order
   */
  static List<Line> missing(List<Line> spoken, List<Message> stored) {
    var known = stored.stream().map(m -> new Stored(m.role(), words(m.text()))).toList();
    var missing = new ArrayList<Line>();
    var from = new int[] {0, 0};
    for (var line : spoken) {
      var side = line.role() == SenderRole.ASSISTANT ? 0 : 1;
      var words = words(line.text());
      if (words.isEmpty()) {
        continue;
      }
      var found = find(line.role(), words, known, from[side]);
      if (found < 0) {
        missing.add(line);
      } else {
        from[side] = found;
      }
    }
    return missing;
  }

  /** Where the words are stored, or -1; takes them out there. */
  private static int find(SenderRole role, List<String> spoken, List<Stored> known, int from) {
    for (var i = from; i < known.size(); i++) {
      var stored = known.get(i);
      if (stored.role != role || stored.left.isEmpty()) {
        continue;
      }
      if (isLike(spoken, stored.left)) {
        stored.left = List.of();
        return i;
      }
      if (begins(stored.left, spoken)) {
        stored.left = stored.left.subList(spoken.size(), stored.left.size());
        return i;
      }
      if (begins(spoken, stored.left)) {
        var rest = spoken.subList(stored.left.size(), spoken.size());
        var next = find(role, rest, known, i + 1);
        if (next >= 0) {
          stored.left = List.of();
          return next;
        }
      }
    }
    return -1;
  }

  private static boolean begins(List<String> text, List<String> with) {
    return with.size() <= text.size() && text.subList(0, with.size()).equals(with);
  }

  /** Whether they have most words in common, in the same order. */
  private static boolean isLike(List<String> a, List<String> b) {
    if (a.equals(b)) {
      return true;
    }
    var longer = Math.max(a.size(), b.size());
    if (longer > MOST_WORDS || Math.min(a.size(), b.size()) < longer * ALIKE) {
      return false;
    }
    return common(a, b) >= longer * ALIKE;
  }

  /** The length of the longest common subsequence. */
  private static int common(List<String> a, List<String> b) {
    var row = new int[b.size() + 1];
    for (var word : a) {
      var diagonal = 0;
      for (var j = 1; j <= b.size(); j++) {
        var above = row[j];
        row[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
        diagonal = above;
      }
    }
    return row[b.size()];
  }

  private static List<String> words(String text) {
    // "a.m." is what others write as "am".
    var plain =
        text.toLowerCase(Locale.ROOT)
            .replaceAll("['\u2019]", "")
            .replaceAll("(?<=\\b\\p{L})\\.(?=\\p{L}\\b)", "");
    return Arrays.stream(plain.split("[^\\p{L}\\p{N}]+", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}

package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.colloquy.message.Message;
import dev.colloquy.message.SenderRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

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
  private static final int MOST_WORDS = 200;
  // How many messages of a side are looked at for one line.
  private static final int FURTHEST = 40;
  private static final double ALIKE = 0.75;

  /** A letter with a dot, as in a.m. and in the U.S.A. */
  private static final Pattern ABBREVIATED = Pattern.compile("(?<![\\p{L}\\p{N}])(\\p{L})\\.");

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
    var seen = 0;
    for (var i = from; i < known.size() && seen < FURTHEST; i++) {
      var stored = known.get(i);
      if (stored.role != role || stored.left.isEmpty()) {
        continue;
      }
      seen++;
      if (isLike(spoken, stored.left)) {
        stored.left = List.of();
        return i;
      }
      var part = begins(stored.left, spoken);
      if (part > 0) {
        stored.left = stored.left.subList(part, stored.left.size());
        return i;
      }
      part = begins(spoken, stored.left);
      if (part > 0 && part < spoken.size()) {
        var next = find(role, spoken.subList(part, spoken.size()), known, i + 1);
        if (next >= 0) {
          stored.left = List.of();
          return next;
        }
      }
    }
    return -1;
  }

  /** With how many of its words the text begins like the other one; 0 where it does not. */
  private static int begins(List<String> text, List<String> with) {
    var size = with.size();
    if (size <= text.size() && text.subList(0, size).equals(with)) {
      return size;
    }
    if (size > MOST_WORDS || text.size() < size * ALIKE) {
      return 0;
    }
    var most = (int) Math.min(text.size(), size / ALIKE);
    var common = common(with, text.subList(0, most));
    var best = 0;
    for (var length = 1; length <= most; length++) {
      var isLike = common[length] >= Math.max(size, length) * ALIKE;
      if (isLike && (best == 0 || common[length] > common[best])) {
        best = length;
      }
    }
    return best;
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
    return common(a, b)[b.size()] >= longer * ALIKE;
  }

  /** The length of the longest common subsequence with each beginning of the second, by length. */
  private static int[] common(List<String> a, List<String> b) {
    var row = new int[b.size() + 1];
    for (var word : a) {
      var diagonal = 0;
      for (var j = 1; j <= b.size(); j++) {
        var above = row[j];
        row[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
        diagonal = above;
      }
    }
    return row;
  }

  private static List<String> words(String text) {
    var plain =
        ABBREVIATED
            .matcher(text.toLowerCase(Locale.ROOT).replaceAll("['\u2019]", ""))
            .replaceAll("$1");
    return Arrays.stream(plain.split("[^\\p{L}\\p{N}]+", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}

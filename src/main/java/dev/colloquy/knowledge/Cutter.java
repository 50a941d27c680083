package dev.colloquy.knowledge;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/**
 * Cuts text that is too long where it hurts least: between list items, else lines, else sentences,
 * else words, else visible characters. Only cut sentences overlap: the part after begins with the
 * last sentence of the part before.
 */
final class Cutter {
  private static final int OVERLAP = 40;

  /** From coarse to fine; what a cut falls on stays with the part before. */
  private static final List<Pattern> BOUNDARIES =
      List.of(
          Pattern.compile("\\n(?=(?:[-*+]|\\d{1,9}[.)]) )"),
          Pattern.compile("\\n"),
          Pattern.compile("(?<=[.!?…。！？])(?:[ \\t]+|(?<=[。！？]))"),
          Pattern.compile("[ \\t]+"));

  private static final int LINES = 1;
  private static final int SENTENCES = 2;
  private static final int WINDOW = 1_000;
  private final ToIntFunction<CharSequence> size;

  Cutter(ToIntFunction<CharSequence> size) {
    this.size = size;
  }

  /** Parts of at most the given size, in order. */
  List<String> cut(String text, int most) {
    return cut(text, most, 0).stream().map(String::strip).filter(part -> !part.isEmpty()).toList();
  }

  /** As {@link #cut}, but keeps each line's indentation and drops no blank line inside a part. */
  List<String> cutLines(String text, int most) {
    return cut(text, most, LINES).stream()
        .map(String::stripTrailing)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private List<String> cut(String text, int most, int level) {
    if (level == BOUNDARIES.size()) {
      return cutCharacters(text, most);
    }
    var parts = new ArrayList<String>();
    var open = new StringBuilder();
    int used = 0;
    String last = "";
    for (var piece : pieces(text, BOUNDARIES.get(level))) {
      int length = size.applyAsInt(piece);
      if (!open.isEmpty() && used + length > most) {
        parts.add(open.toString());
        open.setLength(0);
        used = 0;
        int again = size.applyAsInt(last);
        if (level == SENTENCES && again <= OVERLAP && again + length <= most) {
          open.append(last);
          used = again;
        }
      }
      if (length > most) {
        parts.addAll(cut(piece, most, level + 1));
      } else {
        open.append(piece);
        used += length;
      }
      last = length > most ? "" : piece;
    }
    if (!open.isEmpty()) {
      parts.add(open.toString());
    }
    return parts;
  }

  private static List<String> pieces(String text, Pattern boundary) {
    var pieces = new ArrayList<String>();
    var matcher = boundary.matcher(text);
    int from = 0;
    while (matcher.find()) {
      if (matcher.end() > from) {
        pieces.add(text.substring(from, matcher.end()));
        from = matcher.end();
      }
    }
    if (from < text.length()) {
      pieces.add(text.substring(from));
    }
    return pieces;
  }

  private List<String> cutCharacters(String text, int most) {
    var parts = new ArrayList<String>();
    for (int from = 0; from < text.length(); ) {
      int length = Math.min(WINDOW, text.length() - from);
      length = whole(text, from, length);
      while (length > 2 && size.applyAsInt(text.substring(from, from + length)) > most) {
        length = whole(text, from, length / 2);
      }
      parts.add(text.substring(from, from + length));
      from += length;
    }
    return parts;
  }

  /** The length, or a little less, so that no visible character is cut. */
  private static int whole(String text, int from, int length) {
    if (from + length >= text.length()) {
      return text.length() - from;
    }
    var window = text.substring(from, Math.min(text.length(), from + length + 64));
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(window);
    int end = characters.isBoundary(length) ? length : characters.preceding(length);
    if (end > 0) {
      return end;
    }
    // One visible character longer than a chunk: cut between code points at least.
    return Math.max(
        Character.charCount(text.codePointAt(from)),
        text.offsetByCodePoints(from, Math.max(1, text.codePointCount(from, from + length) - 1))
            - from);
  }
}

package dev.colloquy.delivery;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The text of SMS: how much room it takes, and how a long one becomes several messages. A message
 * travels as segments of 140 octets: 160 characters of the GSM alphabet (3GPP TS 23.038, section
 * 6.2.1) or 70 UTF-16 units (UCS-2) where it is one segment, 153 or 67 where it is more, as each of
 * several carries a header (3GPP TS 23.040, section 9.2.3.24.1). A text with one character outside
 * of the alphabet is all UCS-2.
 */
public final class SmsText {
  /** How many messages a reply may become; what is longer is cut. */
  public static final int MAX_PARTS = 10;

  private static final String BASIC =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  // Each is an escape and a character.
  private static final String EXTENSION = "\f^{}\\[~]|€";

  private static final Map<Integer, String> PLAINER =
      Map.ofEntries(
          Map.entry(0x2018, "'"),
          Map.entry(0x2019, "'"),
          Map.entry(0x201A, "'"),
          Map.entry(0x201C, "\""),
          Map.entry(0x201D, "\""),
          Map.entry(0x201E, "\""),
          Map.entry(0x2010, "-"),
          Map.entry(0x2011, "-"),
          Map.entry(0x2013, "-"),
          Map.entry(0x2014, "-"),
          Map.entry(0x2026, "..."),
          Map.entry(0x00A0, " "),
          Map.entry(0x202F, " "),
          Map.entry(0x2022, "*"),
          Map.entry(0x200B, ""),
          Map.entry(0xFEFF, ""));

  private SmsText() {}

  /** Whether all of the text is in the GSM alphabet, its extension included. */
  public static boolean isGsm(String text) {
    return text.chars().allMatch(c -> septets(c) > 0);
  }

  /** How many segments the text takes; an empty one takes one. */
  public static int segments(String text) {
    var room = new Room();
    text.codePoints().forEach(room::add);
    return room.segments();
  }

  /**
   * Writes typographic quotes, dashes, dots and spaces as the GSM alphabet has them, where that is
   * all that keeps the text out of it: it takes less than half of the room then.
   */
  public static String plainer(String text) {
    if (isGsm(text)) {
      return text;
    }
    var plain = new StringBuilder(text.length());
    text.codePoints().forEach(c -> plain.append(PLAINER.getOrDefault(c, Character.toString(c))));
    var result = plain.toString();
    return isGsm(result) ? result : text;
  }

  /**
   * The text as messages of at most so many segments each, in their order: cut at ends of sentences
   * or lines where there is one in the second half of what fits, else between words, else between
   * characters as people see them. White space at cuts is left out; nothing else is lost, except
   * what is beyond {@link #MAX_PARTS} messages, which the last one ends with dots for.
   */
  public static List<String> parts(String text, int maxSegments) {
    var parts = new ArrayList<String>();
    var rest = text.strip();
    while (!rest.isEmpty() && parts.size() < MAX_PARTS) {
      var end = fitting(rest, maxSegments);
      if (end == rest.length()) {
        parts.add(rest);
        return parts;
      }
      var isLast = parts.size() == MAX_PARTS - 1;
      var cut = isLast ? "" : rest.substring(0, cut(rest, end)).stripTrailing();
      parts.add(isLast ? shortened(rest, end, maxSegments) : cut);
      rest = rest.substring(cut(rest, end)).stripLeading();
    }
    return parts.isEmpty() ? List.of(text) : parts;
  }

  private static String shortened(String rest, int end, int maxSegments) {
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(window(rest, end + 64));
    var at = end;
    while (true) {
      var text = rest.substring(0, at).stripTrailing();
      var dotted = text + (isGsm(text) ? "..." : "…");
      if (segments(dotted) <= maxSegments) {
        return dotted;
      }
      at = characters.preceding(at);
    }
  }

  /** Where what fits from the beginning of the text ends, between characters as people see them. */
  private static int fitting(String text, int maxSegments) {
    var room = new Room();
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    // Nothing longer can fit: a segment has at most 160 units.
    var window = window(text, maxSegments * 160 + 64);
    characters.setText(window);
    var end = 0;
    for (var next = characters.next(); next != BreakIterator.DONE; next = characters.next()) {
      for (var i = end; i < next; i += Character.charCount(window.codePointAt(i))) {
        room.add(window.codePointAt(i));
        if (room.segments() > maxSegments) {
          // One that alone is longer than a message is cut between its code points.
          return end > 0 ? end : Math.max(i, Character.charCount(window.codePointAt(0)));
        }
      }
      end = next;
    }
    return end;
  }

  private static String window(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    var end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }

  /** Where to cut a text of which only so much fits. */
  private static int cut(String text, int fitting) {
    var sentence = sentenceEnd(text, fitting);
    if (sentence > 0 && sentence >= fitting / 2) {
      return sentence;
    }
    for (var i = fitting; i > 0; i--) {
      if (Character.isWhitespace(text.charAt(i)) && i >= fitting / 4) {
        return i;
      }
    }
    return fitting;
  }

  /** The last end of a sentence or line that fits; 0 for none. */
  private static int sentenceEnd(String text, int fitting) {
    var limit = fitting;
    while (limit < text.length() && Character.isWhitespace(text.charAt(limit))) {
      limit++;
    }
    var sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
    var window = window(text, limit + 256);
    sentences.setText(window);
    var end = sentences.preceding(Math.min(limit + 1, window.length()));
    var line = text.lastIndexOf('\n', fitting);
    return Math.max(Math.max(end, 0), Math.max(line, 0));
  }

  /** How many septets a character takes in the GSM alphabet; 0 where it is not in it. */
  private static int septets(int character) {
    if (BASIC.indexOf(character) >= 0) {
      return 1;
    }
    return EXTENSION.indexOf(character) >= 0 ? 2 : 0;
  }

  /** Counts the room of a text, character by character, in both alphabets at once. */
  private static final class Room {
    private final Counter gsm = new Counter(160, 153);
    private final Counter ucs2 = new Counter(70, 67);
    private boolean isGsm = true;

    void add(int codePoint) {
      var septets = septets(codePoint);
      isGsm &= septets > 0;
      gsm.add(septets);
      ucs2.add(Character.charCount(codePoint));
    }

    int segments() {
      return isGsm ? gsm.segments() : ucs2.segments();
    }
  }

  /** Counts units that come singly or in pairs; a pair is never in two segments. */
  private static final class Counter {
    private final int alone;
    private final int each;
    private int total;
    private int full;
    private int used;

    Counter(int alone, int each) {
      this.alone = alone;
      this.each = each;
    }

    void add(int units) {
      total += units;
      if (used + units > each) {
        full++;
        used = 0;
      }
      used += units;
    }

    int segments() {
      return total <= alone ? 1 : full + 1;
    }
  }
}

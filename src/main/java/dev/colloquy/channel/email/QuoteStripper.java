package dev.colloquy.channel.email;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds in the text of a mail what its sender wrote now: without the mail that it answers and
 * without signatures. Answers between quoted lines keep those; a forwarded mail is kept whole,
 * since it is what is to be shown. What would leave nothing is left as it is.
 */
final class QuoteStripper {
  private static final int LONGEST_ATTRIBUTION = 4;
  private static final int LONGEST_SIGNATURE = 25;

  private final List<String> lines;

  private QuoteStripper(List<String> lines) {
    this.lines = lines;
  }

  /** What is new in the text; {@code text} itself where nothing is. */
  static String strip(String text, String subject) {
    var whole = text.replace(ReadableText.BELOW, "").strip();
    if (QuoteMarks.isForward(subject)) {
      return whole;
    }
    var kept = new QuoteStripper(new ArrayList<>(text.lines().toList())).kept();
    return kept.isBlank() ? whole : kept;
  }

  private String kept() {
    var end = lines.size();
    for (var at = 0; at < end; at++) {
      var line = lines.get(at);
      if (QuoteMarks.isForwarded(line)) {
        return join(lines.size());
      }
      if (endsAt(at)) {
        end = at;
      }
    }
    return join(withoutSignature(withoutQuotes(end)));
  }

  /** Whether the mail that is answered begins at the line, and goes on to the end. */
  private boolean endsAt(int at) {
    var line = lines.get(at);
    if (line.equals(ReadableText.BELOW) || QuoteMarks.isOriginal(line)) {
      return true;
    }
    if (QuoteMarks.isHeaderBlock(lines, at)) {
      return true;
    }
    return attributionEnd(at).filter(next -> isAllQuoted(next) || hasNoQuotes(next)).isPresent();
  }

  /** The line behind an attribution that begins here; it may be wrapped. */
  private Optional<Integer> attributionEnd(int at) {
    var joined = new StringBuilder();
    for (var i = at; i < Math.min(lines.size(), at + LONGEST_ATTRIBUTION); i++) {
      var line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith(">")) {
        break;
      }
      joined.append(joined.isEmpty() ? "" : " ").append(line);
      if (QuoteMarks.isAttribution(joined.toString())) {
        return Optional.of(i + 1);
      }
    }
    return Optional.empty();
  }

  private boolean isAllQuoted(int from) {
    var quoted = 0;
    for (var i = from; i < lines.size(); i++) {
      if (isQuoted(i)) {
        quoted++;
      } else if (!lines.get(i).isBlank()) {
        return isTail(i) && quoted > 0;
      }
    }
    return true;
  }

  /** Whether from here on there is nothing but a signature. */
  private boolean isTail(int at) {
    var line = lines.get(at);
    return isDelimiter(line) || (QuoteMarks.isMobileSignature(line) && isBlankAfter(at + 1));
  }

  private boolean isBlankAfter(int from) {
    return lines.subList(from, lines.size()).stream().allMatch(String::isBlank);
  }

  private boolean hasNoQuotes(int from) {
    for (var i = from; i < lines.size(); i++) {
      if (isQuoted(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isQuoted(int at) {
    return lines.get(at).stripLeading().startsWith(">");
  }

  /** Where the text ends without quoted lines at its end and what says whose they are. */
  private int withoutQuotes(int end) {
    var at = withoutBlanks(end);
    var tail = at;
    while (tail > 0
        && (QuoteMarks.isMobileSignature(lines.get(tail - 1)) || lines.get(tail - 1).isBlank())) {
      tail--;
    }
    if (tail > 0 && isQuoted(tail - 1)) {
      at = tail;
    }
    if (at == 0 || !isQuoted(at - 1)) {
      return at;
    }
    while (at > 0 && (isQuoted(at - 1) || lines.get(at - 1).isBlank())) {
      at--;
    }
    var joined = "";
    for (var i = at - 1; i >= Math.max(0, at - LONGEST_ATTRIBUTION); i--) {
      if (lines.get(i).isBlank()) {
        break;
      }
      joined = lines.get(i).strip() + " " + joined;
      if (QuoteMarks.isAttribution(joined)
          || (i == at - 1 && QuoteMarks.looksLikeAttribution(joined))) {
        return i;
      }
    }
    return at;
  }

  private int withoutSignature(int end) {
    var at = withoutBlanks(end);
    for (var i = Math.max(0, at - LONGEST_SIGNATURE); i < at; i++) {
      if (isDelimiter(lines.get(i))) {
        at = withoutBlanks(i);
        break;
      }
    }
    while (at > 0 && QuoteMarks.isMobileSignature(lines.get(at - 1))) {
      at = withoutBlanks(at - 1);
    }
    return at;
  }

  /** "-- " (RFC 3676, section 4.3), also where the space was lost. */
  private static boolean isDelimiter(String line) {
    return line.equals("-- ") || line.equals("--") || line.equals("—") || line.equals("--\u00a0");
  }

  private int withoutBlanks(int end) {
    var at = end;
    while (at > 0 && (lines.get(at - 1).isBlank() || lines.get(at - 1).matches("\\s*_{10,}\\s*"))) {
      at--;
    }
    return at;
  }

  private String join(int end) {
    var kept = new StringBuilder();
    for (var i = 0; i < end; i++) {
      if (!lines.get(i).equals(ReadableText.BELOW)) {
        kept.append(lines.get(i)).append('\n');
      }
    }
    return kept.toString().strip();
  }
}

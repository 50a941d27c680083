package dev.colloquy.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads Markdown, or plain text, as blocks under headings. Takes any text: what is no Markdown is a
 * paragraph.
 */
public final class Markdown {
  private static final int LONGEST_HEADING = 200;
  private static final Pattern HEADING = Pattern.compile(" {0,3}(#{1,6})\\s+(.*?)\\s*#*\\s*");
  private static final Pattern UNDERLINE = Pattern.compile(" {0,3}(=+|-+)\\s*");
  private static final Pattern FENCE = Pattern.compile("\\s*(`{3,}|~{3,})[^`]*");
  private static final Pattern ITEM = Pattern.compile("\\s*([-*+]|\\d{1,9}[.)])\\s+\\S.*");
  private static final Pattern ROW = Pattern.compile("\\s*\\|.*");
  private static final int LONGEST_MATCHED = 10_000;

  private final List<String> lines;
  private final List<Block> blocks = new ArrayList<>();
  private final String[] headings = new String[7];
  private boolean headingIsBare;
  private int at;

  private Markdown(String text) {
    this.lines = List.of(clean(text).split("\n", -1));
  }

  /** The blocks in their order. Nothing is lost but blank lines and the marks of headings. */
  public static List<Block> blocks(String text) {
    var reader = new Markdown(text);
    reader.read();
    return List.copyOf(reader.blocks);
  }

  /**
   * The text with line ends as {@code \n}, without a byte order mark, NUL (which PostgreSQL cannot
   * store) and halves of surrogate pairs.
   */
  static String clean(String text) {
    var clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (point == '\r') {
        clean.append('\n');
        i += i < text.length() && text.charAt(i) == '\n' ? 1 : 0;
      } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        clean.append('\ufffd');
      } else if (point != 0 && point != '\ufeff') {
        clean.appendCodePoint(point);
      }
    }
    return clean.toString();
  }

  private void read() {
    while (at < lines.size()) {
      var line = lines.get(at);
      var heading = match(HEADING, line);
      if (line.isBlank()) {
        at++;
      } else if (heading != null && heading.group(2).length() <= LONGEST_HEADING) {
        at++;
        openHeading(heading.group(1).length(), heading.group(2));
      } else if (isUnderlined(at)) {
        openHeading(lines.get(at + 1).strip().startsWith("=") ? 1 : 2, line.strip());
        at += 2;
      } else if (match(FENCE, line) != null) {
        add(Block.Kind.CODE, endOfFence(at));
      } else if (match(ROW, line) != null) {
        add(Block.Kind.TABLE, endOfTable());
      } else if (match(ITEM, line) != null) {
        add(Block.Kind.LIST, endOfList());
      } else {
        add(Block.Kind.PARAGRAPH, endOfParagraph());
      }
    }
    keepBareHeading(0);
  }

  private static java.util.regex.@org.jspecify.annotations.Nullable MatchResult match(
      Pattern pattern, String line) {
    if (line.length() > LONGEST_MATCHED) {
      return null;
    }
    var matcher = pattern.matcher(line);
    return matcher.matches() ? matcher.toMatchResult() : null;
  }

  private boolean isUnderlined(int line) {
    return line + 1 < lines.size()
        && lines.get(line).length() <= LONGEST_HEADING
        && match(UNDERLINE, lines.get(line + 1)) != null
        && lines.get(line + 1).strip().length() > 1
        && match(ITEM, lines.get(line)) == null
        && match(ROW, lines.get(line)) == null
        && match(FENCE, lines.get(line)) == null
        && match(UNDERLINE, lines.get(line)) == null;
  }

  private void openHeading(int level, String title) {
    keepBareHeading(level);
    headings[level] = title;
    for (int deeper = level + 1; deeper < headings.length; deeper++) {
      headings[deeper] = null;
    }
    headingIsBare = true;
  }

  /** A heading with nothing under it, not even a deeper heading, is text of its own. */
  private void keepBareHeading(int nextLevel) {
    int last = headings.length - 1;
    while (last > 0 && headings[last] == null) {
      last--;
    }
    if (headingIsBare && last > 0 && nextLevel <= last && !headings[last].isBlank()) {
      blocks.add(new Block(Block.Kind.PARAGRAPH, path(), headings[last]));
    }
    headingIsBare = false;
  }

  private String path() {
    var path = new ArrayList<String>();
    for (var heading : headings) {
      if (heading != null && !heading.isBlank()) {
        path.add(heading);
      }
    }
    return String.join(" > ", path);
  }

  private void add(Block.Kind kind, int end) {
    var text = String.join("\n", lines.subList(at, end)).stripTrailing();
    blocks.add(new Block(kind, path(), text));
    headingIsBare = false;
    at = end;
  }

  /** The line after the fence that closes the one opened here, or the end of the text. */
  private int endOfFence(int from) {
    var mark = lines.get(from).strip();
    var character = mark.charAt(0);
    int length = 0;
    while (length < mark.length() && mark.charAt(length) == character) {
      length++;
    }
    var closing = Pattern.compile("\\s*" + character + "{" + length + ",}\\s*");
    int end = from + 1;
    while (end < lines.size() && match(closing, lines.get(end)) == null) {
      end++;
    }
    return Math.min(lines.size(), end + 1);
  }

  private int endOfTable() {
    int end = at + 1;
    while (end < lines.size() && match(ROW, lines.get(end)) != null) {
      end++;
    }
    return end;
  }

  /**
   * Items, their continuation lines, and blank lines between them; fences inside are kept whole.
   */
  private int endOfList() {
    int end = at + 1;
    while (end < lines.size()) {
      var line = lines.get(end);
      boolean indented = line.startsWith("  ") || line.startsWith("\t");
      if (match(FENCE, line) != null && indented) {
        end = endOfFence(end);
      } else if (line.isBlank()) {
        int next = end + 1;
        boolean more =
            next < lines.size()
                && (lines.get(next).startsWith("  ") || match(ITEM, lines.get(next)) != null);
        if (!more) {
          return end;
        }
        end++;
      } else if (startsOther(end) && !indented && match(ITEM, line) == null) {
        return end;
      } else {
        end++;
      }
    }
    return end;
  }

  private int endOfParagraph() {
    int end = at + 1;
    while (end < lines.size()
        && !lines.get(end).isBlank()
        && !startsOther(end)
        && !isUnderlined(end)
        && match(ITEM, lines.get(end)) == null) {
      end++;
    }
    return end;
  }

  private boolean startsOther(int line) {
    var text = lines.get(line);
    return match(HEADING, text) != null || match(FENCE, text) != null || match(ROW, text) != null;
  }
}

package dev.colloquy.delivery;

import java.util.regex.Pattern;

/**
 * Writes Markdown as models write it for readers who see its marks: emphasis, headings and code
 * lose theirs, a link becomes its text with the address behind it. What is no such mark stays.
 */
final class PlainText {
  private static final Pattern FENCE = Pattern.compile("(?m)^[ \\t]*```[^\\n`]*\\n?");
  private static final Pattern HEADING = Pattern.compile("(?m)^ {0,3}#{1,6}[ \\t]+");
  private static final Pattern QUOTE = Pattern.compile("(?m)^ {0,3}>[ \\t]?");
  private static final Pattern BULLET = Pattern.compile("(?m)^([ \\t]*)[*+][ \\t]+");
  private static final Pattern RULE = Pattern.compile("(?m)^ {0,3}([-*_])( ?\\1){2,}[ \\t]*$\\n?");
  private static final Pattern LINK =
      Pattern.compile(
          "!?\\[([^\\[\\]\\n]{1,500})]\\(<?([^()\\s<>]{1,2000})>?(?: \"[^\"\\n]*\")?\\)");
  private static final Pattern STRONG =
      Pattern.compile("(\\*\\*|__)(?=\\S)([^\\n]{1,2000}?)(?<=\\S)\\1");
  private static final Pattern STAR =
      Pattern.compile("(?<![*\\w])\\*(?=[^\\s*])([^*\\n]{1,2000}?)(?<=\\S)\\*(?![*\\w])");
  private static final Pattern UNDERSCORE =
      Pattern.compile("(?<![_\\w])_(?=[^\\s_])([^_\\n]{1,2000}?)(?<=\\S)_(?![_\\w])");
  private static final Pattern STRUCK = Pattern.compile("~~(?=\\S)([^\\n]{1,2000}?)(?<=\\S)~~");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]{1,2000})`");
  private static final Pattern EMPTY_LINES = Pattern.compile("\\n{3,}");

  private PlainText() {}

  /** The text without its marks; as it is where nothing else would be left. */
  static String of(String markdown) {
    var text = markdown.replace("\r\n", "\n");
    text = FENCE.matcher(text).replaceAll("");
    text = RULE.matcher(text).replaceAll("");
    text = HEADING.matcher(text).replaceAll("");
    text = QUOTE.matcher(text).replaceAll("");
    text = BULLET.matcher(text).replaceAll("$1- ");
    text =
        LINK.matcher(text)
            .replaceAll(link ->
                java.util.regex.Matcher.quoteReplacement(link(link.group(1), link.group(2))));
    text = CODE.matcher(text).replaceAll("$1");
    text = STRONG.matcher(text).replaceAll("$2");
    text = STAR.matcher(text).replaceAll("$1");
    text = UNDERSCORE.matcher(text).replaceAll("$1");
    text = STRUCK.matcher(text).replaceAll("$1");
    text = EMPTY_LINES.matcher(text).replaceAll("\n\n").strip();
    return text.isEmpty() ? markdown : text;
  }

  private static String link(String text, String address) {
    return text.equals(address) || ("mailto:" + text).equals(address)
        ? text
        : text + " (" + address + ")";
  }
}

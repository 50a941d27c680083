package dev.colloquy.model.langchain;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers of tokens in a provider's events. Nothing depends on them but figures, so that one
 * that cannot be counts as none: LangChain4j would else refuse the event, and the reply with it.
 */
final class TokenCounts {
  private static final double MOST = 1e9;

  /**
   * Their names in all protocols, as keys: within a text, the quote after the name is escaped. What
   * stands there is a number, or nonsense.
   */
  private static final Pattern COUNT =
      Pattern.compile(
          "(\"\\w{0,40}(?:_tokens|TokenCount|eval_count)\"\\s*:\\s*)"
              + "(-?\\d[\\d.eE+-]*|\"[^\"\\\\]{0,40}\"|true|false)");

  private TokenCounts() {}

  /** The event with 0 for those numbers that cannot be. */
  static String checked(String event) {
    return COUNT
        .matcher(event)
        .replaceAll(count ->
            Matcher.quoteReplacement(
                count.group(1) + (canBe(count.group(2)) ? count.group(2) : "0")));
  }

  private static boolean canBe(String value) {
    try {
      var count = Double.parseDouble(value);
      return count >= 0 && count <= MOST;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}

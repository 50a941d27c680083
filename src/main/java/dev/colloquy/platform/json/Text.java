package dev.colloquy.platform.json;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Text that comes from outside. */
public final class Text {
  private Text() {}

  /** The text, or null where it is absent or blank: an empty optional field means absent. */
  public static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  /** Whether PostgreSQL can keep the text: no U+0000, no half surrogate pair. */
  public static boolean isStorable(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** The text with U+FFFD in the place of what PostgreSQL cannot keep. */
  public static String storable(String text) {
    if (isStorable(text)) {
      return text;
    }
    var kept = new StringBuilder(text.length());
    text.codePoints()
        .map(c ->
            c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  /** Whether every name, text and number in the tree can be kept. */
  public static boolean isStorable(JsonNode node) {
    if (node.isTextual()) {
      return isStorable(node.textValue());
    }
    if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
      return false;
    }
    for (var property : node.properties()) {
      if (!isStorable(property.getKey()) || !isStorable(property.getValue())) {
        return false;
      }
    }
    if (node.isArray()) {
      for (var element : node) {
        if (!isStorable(element)) {
          return false;
        }
      }
    }
    return true;
  }

  /** At most so many UTF-16 units of the text, never half a surrogate pair. */
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    var end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end);
  }
}

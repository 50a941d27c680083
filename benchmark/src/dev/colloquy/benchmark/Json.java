package dev.colloquy.benchmark;

/** Reads single values out of JSON objects that a server answered with. */
final class Json {
  private Json() {}

  /**
   * The value of a text member of the outermost object; members of the same name further in are
   * passed over.
   *
   * @throws IllegalArgumentException when there is none
   */
  static String text(String object, String name) {
    var depth = 0;
    for (var i = 0; i < object.length(); i++) {
      switch (object.charAt(i)) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case '"' -> {
          var end = closingQuote(object, i);
          var rest = object.substring(end + 1).stripLeading();
          if (depth == 1 && rest.startsWith(":") && object.substring(i + 1, end).equals(name)) {
            var value = rest.substring(1).stripLeading();
            if (value.startsWith("\"")) {
              return value.substring(1, closingQuote(value, 0));
            }
          }
          i = end;
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException("no text \"" + name + "\" in " + object);
  }

  /** The whole number of the first member of this name, wherever it is. */
  static long number(String object, String name) {
    return Long.parseLong(object.replaceAll("(?s)^.*?\"" + name + "\"\\s*:\\s*(\\d+).*$", "$1"));
  }

  private static int closingQuote(String text, int opening) {
    for (var i = opening + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '"') {
        return i;
      }
    }
    throw new IllegalArgumentException("text without an end: " + text);
  }
}

package dev.colloquy.channel.email;

import dev.colloquy.platform.json.Text;

/** Text that becomes one line: a subject, a name of a person or of a file. */
final class OneLine {
  private OneLine() {}

  /** Without control characters and without those that turn the direction of what follows. */
  static String of(String text, int longest) {
    var kept = new StringBuilder(Math.min(text.length(), longest));
    var isSpace = false;
    for (var at = 0; at < text.length() && kept.length() < longest; ) {
      var c = text.codePointAt(at);
      at += Character.charCount(c);
      if (Character.isISOControl(c) || Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        isSpace = true;
      } else if (Character.getType(c) != Character.FORMAT || c == 0x200D) {
        if (isSpace && !kept.isEmpty()) {
          kept.append(' ');
        }
        isSpace = false;
        kept.appendCodePoint(c);
      }
    }
    return Text.storable(Text.cut(kept.toString(), longest)).strip();
  }
}

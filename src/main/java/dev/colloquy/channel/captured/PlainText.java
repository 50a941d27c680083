package dev.colloquy.channel.captured;

import io.quarkus.qute.RawString;

/** Plain text as HTML, whose lines the style sheet keeps. */
final class PlainText {
  private PlainText() {}

  /** The text with what HTML would read as markup escaped (HTML, section 13.1.2). */
  static RawString html(String text) {
    return new RawString(
        text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
            .replace("'", "&#39;"));
  }
}

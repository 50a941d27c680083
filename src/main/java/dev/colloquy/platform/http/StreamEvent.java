package dev.colloquy.platform.http;

import org.jspecify.annotations.Nullable;

/**
 * One server-sent event (WHATWG HTML, section 9.2).
 *
 * @param id what a reader sends as {@code Last-Event-ID} when it comes back; null: the event leaves
 *     the reader's place as it is
 * @param name the event's type, as {@code message.created}
 * @param data any text; its lines, however they end, arrive separated by line feeds
 */
public record StreamEvent(@Nullable String id, String name, String data) {
  public StreamEvent {
    if ((id != null && !isOneLine(id)) || name.isEmpty() || !isOneLine(name)) {
      throw new IllegalArgumentException("id and name of an event are one line");
    }
  }

  // A reader ignores an id with U+0000, and takes either of the other two for the line's end.
  private static boolean isOneLine(String text) {
    return text.chars().noneMatch(c -> c == 0 || c == '\n' || c == '\r');
  }

  /** The event as it goes over the wire, with the empty line that ends it. */
  String text() {
    var text = new StringBuilder(data.length() + 64);
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    text.append("event: ").append(name).append("\ndata: ");
    for (var i = 0; i < data.length(); i++) {
      var c = data.charAt(i);
      if (c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n') {
        continue;
      }
      if (c == '\r' || c == '\n') {
        text.append("\ndata: ");
      } else {
        text.append(c);
      }
    }
    return text.append("\n\n").toString();
  }
}

package dev.colloquy.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The headers of a mail or of a part of one (RFC 5322, section 2.2), in their order, unfolded.
 * Whatever bytes are given, something is read; what is beyond the bounds is left out.
 */
final class MailHeaders {
  private static final int MOST_BYTES = 262_144;
  private static final int MOST = 1_000;

  private final List<Header> headers;

  private MailHeaders(List<Header> headers) {
    this.headers = List.copyOf(headers);
  }

  private record Header(String name, String value) {}

  /**
   * Headers and where the body behind them begins.
   *
   * @param end of the headers, with the empty line that ends them
   */
  record Head(MailHeaders headers, int end) {}

  static Head read(byte[] raw, int from, int to) {
    var headers = new ArrayList<Header>();
    var current = new StringBuilder();
    var bytes = 0;
    var at = from;
    while (at < to) {
      var next = Lines.next(raw, at, to);
      var end = Lines.end(raw, at, next);
      if (end == at) {
        at = next;
        break;
      }
      bytes += end - at;
      if (bytes <= MOST_BYTES && headers.size() < MOST) {
        take(headers, current, raw, at, end);
      }
      at = next;
    }
    add(headers, current);
    return new Head(new MailHeaders(headers), at);
  }

  private static void take(
      List<Header> headers, StringBuilder current, byte[] raw, int from, int to) {
    var line = MailCharsets.decode(raw, from, to, null);
    if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
      current.append(line);
    } else if (line.indexOf(':') > 0) {
      add(headers, current);
      current.append(line);
    }
    // Else it is mbox's "From " or broken: it belongs to nothing.
  }

  private static void add(List<Header> headers, StringBuilder current) {
    var colon = current.indexOf(":");
    if (colon > 0) {
      headers.add(
          new Header(current.substring(0, colon).strip(), current.substring(colon + 1).strip()));
    }
    current.setLength(0);
  }

  /** Headers that stand in a text, as those that a bounce returns. */
  static MailHeaders of(String text) {
    var bytes = text.strip().getBytes(StandardCharsets.UTF_8);
    return read(bytes, 0, bytes.length).headers();
  }

  /** The first value under the name, as it came. */
  Optional<String> first(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** All values under the name. */
  List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  boolean has(String name) {
    return first(name).isPresent();
  }

  boolean hasAny(String prefix) {
    return headers.stream()
        .anyMatch(header -> header.name().regionMatches(true, 0, prefix, 0, prefix.length()));
  }

  /**
   * The first value under the name in lower case, without comments; empty where it is not there.
   */
  String word(String name) {
    return first(name)
        .map(value -> value.replaceAll("\\([^)]{0,998}\\)", " ").strip())
        .map(value -> value.toLowerCase(java.util.Locale.ROOT))
        .orElse("");
  }
}

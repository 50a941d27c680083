package dev.colloquy.channel.email;

/** Lines of bytes that end with CR LF, LF or nothing. */
final class Lines {
  private Lines() {}

  /** Where the line after this one begins, or {@code to}. */
  static int next(byte[] raw, int from, int to) {
    for (var at = from; at < to; at++) {
      if (raw[at] == '\n') {
        return at + 1;
      }
    }
    return to;
  }

  /** Where the line ends without what ends it. */
  static int end(byte[] raw, int from, int next) {
    var end = next;
    if (end > from && raw[end - 1] == '\n') {
      end--;
    }
    if (end > from && raw[end - 1] == '\r') {
      end--;
    }
    return end;
  }
}

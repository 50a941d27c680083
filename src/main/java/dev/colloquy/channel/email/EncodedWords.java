package dev.colloquy.channel.email;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.regex.Pattern;

/** Text of headers that is not ASCII (RFC 2047); what is none of it stays as it is. */
final class EncodedWords {
  private static final Pattern WORD =
      Pattern.compile("=\\?([^?*\\s]{1,60})(?:\\*[^?\\s]{0,60})?\\?([bBqQ])\\?([^?\\r\\n]*)\\?=");

  private EncodedWords() {}

  static String decode(String text) {
    if (!text.contains("=?")) {
      return text;
    }
    var out = new StringBuilder();
    var bytes = new ByteArrayOutputStream();
    String charset = null;
    var at = 0;
    var words = WORD.matcher(text);
    while (words.find()) {
      var between = text.substring(at, words.start());
      var name = words.group(1).toLowerCase(Locale.ROOT);
      // Space between two words is none (section 6.2), and some cut characters in two.
      if (charset == null || !between.isBlank() || !charset.equals(name)) {
        flush(out, bytes, charset);
        out.append(charset != null && between.isBlank() ? "" : between);
      }
      charset = name;
      bytes.writeBytes(
          words.group(2).equalsIgnoreCase("b")
              ? MailCharsets.base64(words.group(3))
              : quoted(words.group(3)));
      at = words.end();
    }
    flush(out, bytes, charset);
    return out.append(text, at, text.length()).toString();
  }

  private static void flush(
      StringBuilder out,
      ByteArrayOutputStream bytes,
      @org.jspecify.annotations.Nullable String charset) {
    out.append(MailCharsets.decode(bytes.toByteArray(), charset));
    bytes.reset();
  }

  private static byte[] quoted(String text) {
    var out = new ByteArrayOutputStream();
    for (var at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '_') {
        out.write(' ');
      } else if (c == '=' && hex(text, at + 1) >= 0) {
        out.write(hex(text, at + 1));
        at += 2;
      } else if (c < 256) {
        out.write(c);
      } else {
        out.writeBytes(String.valueOf(c).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  /** The byte that two digits spell; -1 where there are none. */
  static int hex(CharSequence text, int at) {
    if (at + 1 >= text.length()) {
      return -1;
    }
    var high = Character.digit(text.charAt(at), 16);
    var low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}

package dev.colloquy.channel.email;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns bytes of mails into text, whatever they say of themselves. */
final class MailCharsets {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  /** What names mean in practice: the WHATWG's Encoding Standard, section 4.2. */
  private static final Map<String, String> MEANT =
      Map.ofEntries(
          Map.entry("iso-8859-1", "windows-1252"),
          Map.entry("latin1", "windows-1252"),
          Map.entry("iso-8859-9", "windows-1254"),
          Map.entry("iso-8859-8-i", "iso-8859-8"),
          Map.entry("iso-8859-11", "windows-874"),
          Map.entry("gb2312", "gb18030"),
          Map.entry("gbk", "gb18030"),
          Map.entry("ks_c_5601-1987", "x-windows-949"),
          Map.entry("euc-kr", "x-windows-949"),
          Map.entry("shift_jis", "windows-31j"),
          Map.entry("shift-jis", "windows-31j"),
          Map.entry("x-sjis", "windows-31j"),
          Map.entry("utf8", "utf-8"),
          Map.entry("unicode-1-1-utf-7", "utf-7"),
          Map.entry("macintosh", "x-MacRoman"));

  private MailCharsets() {}

  static String decode(byte[] bytes, @Nullable String charset) {
    return decode(bytes, 0, bytes.length, charset);
  }

  /**
   * The text of the bytes.
   *
   * @param charset what they are said to be in; where that is null, unknown or only ASCII: UTF-8
   *     where they are that, else windows-1252
   */
  static String decode(byte[] bytes, int from, int to, @Nullable String charset) {
    var name = charset == null ? "" : charset.strip().toLowerCase(Locale.ROOT);
    var meant = MEANT.getOrDefault(name, name);
    if (meant.equals("utf-7")) {
      return utf7(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }
    var known = meant.equals("us-ascii") ? Optional.<Charset>empty() : find(meant);
    if (known.isPresent() && !known.get().equals(StandardCharsets.UTF_8)) {
      return new String(bytes, from, to - from, known.get());
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      // Said to be UTF-8, it is that with a few broken bytes.
      return new String(bytes, from, to - from, known.orElse(WINDOWS));
    }
  }

  private static Optional<Charset> find(String name) {
    try {
      return name.isEmpty() ? Optional.empty() : Optional.of(Charset.forName(name));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  /** UTF-7 (RFC 2152), which no JDK has. */
  static String utf7(String text) {
    var out = new StringBuilder(text.length());
    var at = 0;
    while (at < text.length()) {
      var c = text.charAt(at++);
      if (c != '+') {
        out.append(c);
        continue;
      }
      var end = at;
      while (end < text.length() && isBase64(text.charAt(end))) {
        end++;
      }
      out.append(end == at ? "+" : shifted(text.substring(at, end)));
      at = end < text.length() && text.charAt(end) == '-' ? end + 1 : end;
    }
    return out.toString();
  }

  private static String shifted(String base64) {
    var bytes = base64(base64);
    return new String(bytes, 0, bytes.length - bytes.length % 2, StandardCharsets.UTF_16BE);
  }

  private static boolean isBase64(char c) {
    return c == '+' || c == '/' || (c < 128 && Character.isLetterOrDigit(c));
  }

  /** What base 64 (RFC 4648, section 4) says, without all that is not of it. */
  static byte[] base64(String text) {
    return base64(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
  }

  static byte[] base64(byte[] raw, int from, int to) {
    var kept = new ByteArrayOutputStream(to - from);
    for (var at = from; at < to; at++) {
      var c = (char) (raw[at] & 0xff);
      if (isBase64(c)) {
        kept.write(c);
      }
    }
    var letters = kept.toByteArray();
    var whole = letters.length % 4 == 1 ? letters.length - 1 : letters.length;
    return Base64.getDecoder().decode(java.util.Arrays.copyOf(letters, whole));
  }
}

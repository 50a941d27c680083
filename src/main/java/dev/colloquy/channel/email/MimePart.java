package dev.colloquy.channel.email;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mail, or a part of one (RFC 2046). Angus Mail makes an object of forty headers for each of
 * however many parts a mail has, and reads parts within parts without an end; here a mail has at
 * most {@link #MOST_PARTS} and {@link #DEEPEST} levels, no byte of it is copied before it is
 * wanted, and nothing in it is an error.
 */
final class MimePart {
  static final int MOST_PARTS = 500;
  static final int DEEPEST = 16;
  private static final String NO_TYPE = "text/plain";

  private final MailHeaders headers;
  private final Parameters type;
  private final byte[] raw;
  private final int start;
  private final int end;
  private final List<MimePart> parts = new ArrayList<>();

  private MimePart(MailHeaders headers, byte[] raw, int start, int end, String otherType) {
    this.headers = headers;
    this.raw = raw;
    this.start = start;
    this.end = end;
    var said = headers.first("Content-Type").map(Parameters::of);
    this.type =
        said.filter(
                known -> known.value().matches("[a-z0-9!#$&^_.+-]{1,99}/[a-z0-9!#$&^_.+-]{1,99}"))
            .orElseGet(
                () -> new Parameters(otherType, said.map(Parameters::parameters).orElse(Map.of())));
  }

  /** The whole mail. */
  static MimePart read(byte[] raw) {
    return read(raw, 0, raw.length, 0, new int[] {MOST_PARTS}, NO_TYPE);
  }

  private static MimePart read(
      byte[] raw, int from, int to, int depth, int[] left, String otherType) {
    var head = MailHeaders.read(raw, from, to);
    var part = new MimePart(head.headers(), raw, head.end(), to, otherType);
    if (part.isMultipart() && depth < DEEPEST) {
      part.split(depth, left);
    }
    return part;
  }

  private void split(int depth, int[] left) {
    var delimiter =
        type.get("boundary")
            .filter(b -> !b.isBlank())
            .map(b -> "--" + b.stripTrailing())
            .orElse(guess());
    if (delimiter == null) {
      return;
    }
    var mark = delimiter.getBytes(StandardCharsets.UTF_8);
    var inner = type.value().equals("multipart/digest") ? "message/rfc822" : NO_TYPE;
    var from = -1;
    for (var at = start; at < end && left[0] > 0; ) {
      var next = Lines.next(raw, at, end);
      if (startsWith(at, next, mark)) {
        if (from >= 0) {
          add(from, before(at), depth, left, inner);
        }
        from = next;
        if (startsWith(at + mark.length, next, new byte[] {'-', '-'})) {
          return;
        }
      }
      at = next;
    }
    if (from >= 0 && left[0] > 0) {
      // The end is missing: what is there counts.
      add(from, end, depth, left, inner);
    }
  }

  private void add(int from, int to, int depth, int[] left, String otherType) {
    left[0]--;
    parts.add(read(raw, from, Math.max(from, to), depth + 1, left, otherType));
  }

  /** The line break before a delimiter belongs to it. */
  private int before(int delimiter) {
    return delimiter > start ? Lines.end(raw, start, delimiter) : delimiter;
  }

  private boolean startsWith(int from, int to, byte[] mark) {
    return to - from >= mark.length
        && Arrays.equals(raw, from, from + mark.length, mark, 0, mark.length);
  }

  /** The first line that looks like a delimiter, where the type names none. */
  private @Nullable String guess() {
    for (var at = start; at < end; ) {
      var next = Lines.next(raw, at, end);
      var lineEnd = Lines.end(raw, at, next);
      if (lineEnd - at > 4 && lineEnd - at < 80 && raw[at] == '-' && raw[at + 1] == '-') {
        return new String(raw, at, lineEnd - at, StandardCharsets.UTF_8).stripTrailing();
      }
      at = next;
    }
    return null;
  }

  MailHeaders headers() {
    return headers;
  }

  /** The media type, in lower case. */
  String type() {
    return type.value();
  }

  Optional<String> parameter(String name) {
    return type.get(name);
  }

  boolean isMultipart() {
    return type.value().startsWith("multipart/");
  }

  /** Its parts, where it has any. */
  List<MimePart> parts() {
    return List.copyOf(parts);
  }

  /** This part and all below, in their order. */
  List<MimePart> all() {
    var all = new ArrayList<MimePart>();
    collect(all);
    return all;
  }

  private void collect(List<MimePart> all) {
    all.add(this);
    parts.forEach(part -> part.collect(all));
  }

  /** Whether it says that it is a file rather than something to be read. */
  boolean isAttachment() {
    return headers
        .first("Content-Disposition")
        .map(value -> Parameters.of(value).value().equals("attachment"))
        .orElse(false);
  }

  /** The name that it has as a file, as its sender wrote it. */
  Optional<String> fileName() {
    return headers
        .first("Content-Disposition")
        .flatMap(value -> Parameters.of(value).get("filename"))
        .or(() -> type.get("name"))
        .filter(name -> !name.isBlank());
  }

  /** How many bytes it has as it came; what is in it may be up to a quarter less. */
  int rawSize() {
    return end - start;
  }

  /** What is in it, without its transfer encoding (RFC 2045, section 6). */
  byte[] content() {
    return switch (headers.word("Content-Transfer-Encoding").replaceAll("[\\s\"';].*", "")) {
      case "base64" -> MailCharsets.base64(raw, start, end);
      case "quoted-printable" -> quotedPrintable();
      case "uuencode", "x-uuencode", "x-uue", "uue" -> uuencoded();
      default -> Arrays.copyOfRange(raw, start, end);
    };
  }

  /** What is in it, as text with LF. */
  String text() {
    var bytes = content();
    var charset = type.get("charset").orElse(null);
    if (charset == null && type.value().equals("text/html")) {
      charset = ReadableText.charset(bytes);
    }
    return MailCharsets.decode(bytes, charset).replace("\r\n", "\n").replace('\r', '\n');
  }

  private byte[] quotedPrintable() {
    var out = new ByteArrayOutputStream(end - start);
    for (var at = start; at < end; ) {
      var next = Lines.next(raw, at, end);
      var lineEnd = Lines.end(raw, at, next);
      var hasBreak = lineEnd < next;
      // Spaces at the end were added on the way (rule 3).
      while (lineEnd > at && (raw[lineEnd - 1] == ' ' || raw[lineEnd - 1] == '\t')) {
        lineEnd--;
      }
      var isSoft = lineEnd > at && raw[lineEnd - 1] == '=';
      quotedLine(out, at, isSoft ? lineEnd - 1 : lineEnd);
      if (hasBreak && !isSoft) {
        out.write('\n');
      }
      at = next;
    }
    return out.toByteArray();
  }

  private void quotedLine(ByteArrayOutputStream out, int from, int to) {
    for (var at = from; at < to; at++) {
      var high = raw[at] == '=' && at + 2 < to ? digit(raw[at + 1]) : -1;
      var low = high < 0 ? -1 : digit(raw[at + 2]);
      if (low >= 0) {
        out.write(high * 16 + low);
        at += 2;
      } else {
        out.write(raw[at]);
      }
    }
  }

  private static int digit(byte b) {
    return Character.digit((char) (b & 0xff), 16);
  }

  private byte[] uuencoded() {
    try (var in =
        MimeUtility.decode(new ByteArrayInputStream(raw, start, end - start), "uuencode")) {
      return in.readAllBytes();
    } catch (MessagingException | IOException e) {
      return Arrays.copyOfRange(raw, start, end);
    }
  }

  @Override
  public String toString() {
    return type.value() + parts;
  }
}

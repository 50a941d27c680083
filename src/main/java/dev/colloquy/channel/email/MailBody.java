package dev.colloquy.channel.email;

import dev.colloquy.platform.json.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a mail says, and the parts of it that are files.
 *
 * @param text the whole of it, with {@link ReadableText}'s marks where it was HTML; empty where it
 *     has none
 */
record MailBody(String text, List<MimePart> files) {
  private static final int LONGEST = 1_000_000;

  /** What only proves who wrote something, or is a program's business. */
  private static final Set<String> NO_FILES =
      Set.of(
          "application/pgp-signature",
          "application/pkcs7-signature",
          "application/x-pkcs7-signature",
          "application/pgp-encrypted",
          "message/delivery-status",
          "message/disposition-notification");

  MailBody {
    files = List.copyOf(files);
  }

  static MailBody of(MimePart root) {
    var files = new ArrayList<MimePart>();
    var text = new StringBuilder();
    read(root, text, files);
    return new MailBody(normalized(text.toString()), files);
  }

  private static void read(MimePart part, StringBuilder text, List<MimePart> files) {
    if (part.type().equals("multipart/alternative")) {
      alternative(part, text, files);
    } else if (part.isMultipart()) {
      part.parts().forEach(child -> read(child, text, files));
    } else if (isText(part)) {
      append(text, part);
    } else if (!NO_FILES.contains(part.type())) {
      files.add(part);
    }
  }

  /** One of several forms (RFC 2046, section 5.1.4): plain text where there is some. */
  private static void alternative(MimePart part, StringBuilder text, List<MimePart> files) {
    var plain = new StringBuilder();
    var rich = new StringBuilder();
    for (var child : part.parts()) {
      if (child.type().equals("text/plain") && isText(child)) {
        append(plain, child);
      } else {
        read(child, rich, files);
      }
    }
    text.append(plain.toString().isBlank() ? rich : plain);
  }

  private static boolean isText(MimePart part) {
    return (part.type().equals("text/plain") || part.type().equals("text/html"))
        && !part.isAttachment()
        && (part.fileName().isEmpty() || !part.headers().has("Content-Disposition"));
  }

  private static void append(StringBuilder text, MimePart part) {
    if (text.length() >= LONGEST) {
      return;
    }
    var own = part.text();
    if (part.type().equals("text/html")) {
      own = ReadableText.of(own);
    } else if (part.parameter("format").map("flowed"::equalsIgnoreCase).orElse(false)) {
      own = flowed(own, part.parameter("delsp").map("yes"::equalsIgnoreCase).orElse(false));
    }
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    text.append(Text.cut(own, LONGEST));
  }

  /** Joins lines that were broken for the way (RFC 3676). */
  private static String flowed(String text, boolean deletesSpace) {
    var out = new StringBuilder(text.length());
    var open = -1;
    for (var line : text.split("\n", -1)) {
      var depth = 0;
      while (depth < line.length() && line.charAt(depth) == '>') {
        depth++;
      }
      var content = line.substring(depth);
      content = content.startsWith(" ") ? content.substring(1) : content;
      if (open != depth || content.equals("-- ")) {
        out.append(open >= 0 ? "\n" : "").append(depth > 0 ? ">".repeat(depth) + " " : "");
      }
      var isOpen = content.endsWith(" ") && !content.equals("-- ");
      out.append(isOpen && deletesSpace ? content.substring(0, content.length() - 1) : content);
      out.append(isOpen ? "" : "\n");
      open = isOpen ? depth : -1;
    }
    return out.toString();
  }

  /** With one kind of space and line break, and without what is not seen. */
  private static String normalized(String text) {
    var out = new StringBuilder(text.length());
    for (var at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      switch (c) {
        case '\u00a0', '\u2007', '\u202f' -> out.append(' ');
        case '\u200b', '\u2060', '\ufeff', '\u00ad' -> {}
        case '\t', '\n' -> out.append(c);
        case '\u2028', '\u2029', '\f', '\u0085' -> out.append('\n');
        default -> {
          if (!Character.isISOControl(c)) {
            out.append(c);
          }
        }
      }
    }
    return Text.storable(out.toString());
  }
}

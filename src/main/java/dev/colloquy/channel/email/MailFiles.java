package dev.colloquy.channel.email;

import dev.colloquy.message.MessageFiles;
import dev.colloquy.platform.json.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a mail that are kept, and the names of those that are not.
 *
 * @param left names with why, for example {@code setup.exe (a program)}
 */
record MailFiles(List<MessageFiles.NewFile> kept, List<String> left) {
  private static final int LONGEST_NAME = 255;
  private static final int MOST_NAMED = 50;

  /** What runs when it is opened, on whichever system. */
  private static final Set<String> PROGRAMS =
      Set.of(
          "ade", "adp", "apk", "app", "appx", "bas", "bat", "chm", "cmd", "com", "cpl", "dll",
          "dmg", "exe", "gadget", "hta", "inf", "ins", "iso", "img", "isp", "jar", "jnlp", "js",
          "jse", "lnk", "mde", "msc", "msi", "msix", "msp", "mst", "pif", "ps1", "ps1xml", "ps2",
          "psc1", "psm1", "reg", "scf", "scr", "sct", "sh", "shb", "sys", "vb", "vbe", "vbs", "vhd",
          "vxd", "ws", "wsc", "wsf", "wsh", "xll");

  private static final Map<String, String> ENDINGS =
      Map.of(
          "image/jpeg", ".jpg",
          "image/png", ".png",
          "image/gif", ".gif",
          "application/pdf", ".pdf",
          "text/calendar", ".ics",
          "message/rfc822", ".eml",
          "text/html", ".html",
          "text/plain", ".txt");

  MailFiles {
    kept = List.copyOf(kept);
    left = List.copyOf(left);
  }

  /**
   * What is kept of a mail's files.
   *
   * @param most how many
   * @param largest of each, in bytes
   */
  record Limits(int most, int largest) {}

  static MailFiles of(List<MimePart> parts, Limits limits) {
    var kept = new ArrayList<MessageFiles.NewFile>();
    var left = new ArrayList<String>();
    var names = new HashSet<String>();
    for (var part : parts) {
      var name = name(part, kept.size() + left.size() + 1);
      if (isProgram(name)) {
        left.add(name + " (a program)");
      } else if (kept.size() >= limits.most()) {
        left.add(name + " (too many files)");
      } else if (part.rawSize() / 2 > limits.largest()) {
        left.add(name + " (too large)");
      } else {
        var content = part.content();
        if (content.length > limits.largest()) {
          left.add(name + " (too large)");
        } else {
          kept.add(new MessageFiles.NewFile(free(name, names), part.type(), content));
        }
      }
    }
    return new MailFiles(kept, left.size() > MOST_NAMED ? left.subList(0, MOST_NAMED) : left);
  }

  private static String name(MimePart part, int number) {
    var said = part.fileName().or(() -> subject(part)).map(MailFiles::safe).orElse("");
    return said.isEmpty() ? "file-" + number + ENDINGS.getOrDefault(part.type(), "") : said;
  }

  /** A mail in a mail is named by its subject. */
  private static Optional<String> subject(MimePart part) {
    return Optional.of(part)
        .filter(known -> known.type().equals("message/rfc822"))
        .map(known -> Mail.readHeaders(known.content()).subject())
        .filter(subject -> !subject.isEmpty())
        .map(subject -> subject + ".eml");
  }

  /** A name that is no path, and shows what it is. */
  static String safe(String name) {
    var line = OneLine.of(name.replaceAll(".*[/\\\\]", ""), 1_000).replaceAll("[:*?\"<>|]", "_");
    var bare = line.replaceAll("^[. ]+|[. ]+$", "");
    if (bare.length() <= LONGEST_NAME) {
      return bare;
    }
    var dot = bare.lastIndexOf('.');
    var ending = dot > 0 && bare.length() - dot <= 10 ? bare.substring(dot) : "";
    return Text.cut(bare, LONGEST_NAME - ending.length()) + ending;
  }

  private static boolean isProgram(String name) {
    return PROGRAMS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  private static String free(String name, Set<String> names) {
    var free = name;
    for (var i = 2; !names.add(free.toLowerCase(Locale.ROOT)); i++) {
      var dot = name.lastIndexOf('.');
      free = dot > 0 ? name.substring(0, dot) + "-" + i + name.substring(dot) : name + "-" + i;
    }
    return free;
  }
}

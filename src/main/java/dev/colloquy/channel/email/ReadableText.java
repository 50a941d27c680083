package dev.colloquy.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * A mail in HTML as text: what is quoted gets "&gt; " before its lines, and where a mail program
 * puts the mail that is answered below its answer without quoting it, {@link #BELOW} stands on a
 * line of its own. What is not seen is not read.
 */
final class ReadableText {
  /** Where the answered mail begins; a character for private use, which no mail shows. */
  static final String BELOW = "\uE0C0";

  private static final int LONGEST = 2_000_000;
  private static final int LONGEST_TEXT = 1_000_000;
  private static final Pattern META =
      Pattern.compile("(?i)<meta[^>]{0,200}charset\\s*=\\s*[\"']?([a-z0-9_:.-]{2,40})");
  private static final Set<String> UNSEEN =
      Set.of("head", "style", "script", "title", "template", "noscript", "object", "svg");
  private static final Set<String> BLOCKS =
      Set.of(
          "p",
          "div",
          "table",
          "tr",
          "ul",
          "ol",
          "li",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "blockquote",
          "pre",
          "hr",
          "section",
          "article",
          "header",
          "footer",
          "address",
          "dl",
          "dt",
          "dd",
          "center",
          "form");
  private static final Set<String> PARAGRAPHS =
      Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote");

  private ReadableText() {}

  /** The charset that HTML names itself. */
  static @Nullable String charset(byte[] html) {
    var head = new String(html, 0, Math.min(html.length, 2_048), StandardCharsets.ISO_8859_1);
    var meta = META.matcher(head);
    return meta.find() ? meta.group(1) : null;
  }

  static String of(String html) {
    var cut = html.length() > LONGEST ? html.substring(0, LONGEST) : html;
    var body = Jsoup.parse(cut).body();
    var writer = new Writer();
    // Goes through the tree without recursion, however deep it is.
    body.traverse(writer);
    return writer.text();
  }

  private static boolean isQuote(Element element) {
    return element.normalName().equals("blockquote")
        && (element.hasAttr("cite")
            || element.attr("type").equalsIgnoreCase("cite")
            || element.hasClass("gmail_quote")
            || element.hasClass("protonmail_quote")
            || element.hasClass("yahoo_quoted")
            || element.attr("style").toLowerCase(Locale.ROOT).contains("border-left")
            || element.parents().stream().anyMatch(ReadableText::holdsQuote));
  }

  private static boolean holdsQuote(Element element) {
    return element.hasClass("gmail_quote")
        || element.hasClass("protonmail_quote")
        || element.hasClass("zmail_extra")
        || element.hasClass("yahoo_quoted");
  }

  /** Whether what follows is the mail that is answered, as Outlook and others put it. */
  private static boolean isBelow(Element element) {
    var id = element.id().toLowerCase(Locale.ROOT);
    if (id.endsWith("divrplyfwdmsg") || id.endsWith("appendonsend")) {
      return true;
    }
    var style = element.attr("style").toLowerCase(Locale.ROOT).replace(" ", "");
    return element.normalName().equals("div")
        && style.contains("border-top:solid#")
        && element.text().contains(":")
        && (style.contains("#e1e1e1") || style.contains("#b5c4df"));
  }

  private static boolean isUnseen(Element element) {
    if (UNSEEN.contains(element.normalName())) {
      return true;
    }
    var style = element.attr("style").toLowerCase(Locale.ROOT).replace(" ", "");
    return style.contains("display:none") || style.contains("mso-hide:all");
  }

  private static final class Writer implements NodeVisitor {
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder line = new StringBuilder();
    private int quotes;
    private int unseen;
    private int pre;
    private int empty;

    @Override
    public void head(Node node, int depth) {
      if (node instanceof Element element) {
        begin(element);
      } else if (node instanceof TextNode text && unseen == 0 && out.length() < LONGEST_TEXT) {
        write(
            pre > 0
                ? text.getWholeText()
                : text.getWholeText().replaceAll("[ \\t\\n\\r\\f]+", " "));
      }
    }

    private void begin(Element element) {
      var name = element.normalName();
      if (isUnseen(element)) {
        unseen++;
      }
      if (unseen > 0) {
        return;
      }
      if (BLOCKS.contains(name)) {
        endLine();
      }
      if (PARAGRAPHS.contains(name)) {
        emptyLine();
      }
      if (isBelow(element)) {
        emptyLine();
        line.append(BELOW);
        endLine();
      }
      if (isQuote(element)) {
        quotes++;
      }
      switch (name) {
        case "br" -> breakLine();
        case "li" -> line.append("- ");
        case "td", "th" -> line.append(line.isEmpty() ? "" : " ");
        case "img" ->
            Optional.of(element.attr("alt")).filter(a -> a.length() < 200).ifPresent(this::write);
        case "pre" -> pre++;
        default -> {}
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (!(node instanceof Element element)) {
        return;
      }
      var name = element.normalName();
      if (unseen == 0) {
        link(element);
        if (BLOCKS.contains(name)) {
          endLine();
        }
        if (isQuote(element)) {
          quotes--;
        }
        if (PARAGRAPHS.contains(name)) {
          emptyLine();
        }
        pre -= name.equals("pre") ? 1 : 0;
      }
      unseen -= isUnseen(element) ? 1 : 0;
    }

    private void link(Element element) {
      var href = element.attr("href");
      if (element.normalName().equals("a")
          && href.matches("https?://\\S{1,500}")
          && !element.text().isBlank()
          && !element.text().contains("://")) {
        line.append(" (").append(href).append(')');
      }
    }

    private void write(String text) {
      if (pre > 0) {
        for (var part : text.split("\n", -1)) {
          line.append(part);
          if (text.indexOf('\n') >= 0) {
            breakLine();
          }
        }
      } else if (!line.isEmpty() && line.charAt(line.length() - 1) == ' ' && text.startsWith(" ")) {
        line.append(text, 1, text.length());
      } else {
        line.append(line.isEmpty() ? text.stripLeading() : text);
      }
    }

    private void breakLine() {
      if (line.toString().isBlank()) {
        line.setLength(0);
        emptyLine();
      } else {
        endLine();
      }
    }

    private void endLine() {
      if (line.toString().isBlank()) {
        line.setLength(0);
        return;
      }
      out.append("> ".repeat(Math.min(quotes, 10)))
          .append(line.toString().stripTrailing())
          .append('\n');
      line.setLength(0);
      empty = 0;
    }

    private void emptyLine() {
      if (!out.isEmpty() && empty < 1) {
        out.append(quotes > 0 ? ">" : "").append('\n');
        empty++;
      }
    }

    String text() {
      endLine();
      return out.toString();
    }
  }
}

package dev.colloquy.channel.email;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.nodes.TextNode;
import org.jsoup.safety.Safelist;

/**
 * The HTML of a mail, from a reply's Markdown. HTML in the Markdown is shown as the text that it
 * is; images and links go to allowed hosts only, so that nothing that a model was talked into sends
 * what it knows elsewhere as soon as a mail is opened.
 */
final class MailHtml {
  // Nobody writes so; what reads and writes trees calls itself for each level.
  private static final int DEEPEST = 60;
  private static final int LONGEST_SHOWN = 300;
  private static final String MAILTO = "mailto:";

  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), AutolinkExtension.create());
  private static final Parser PARSER =
      Parser.builder().extensions(EXTENSIONS).maxOpenBlockParsers(DEEPEST).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .softbreak("<br>\n")
          .build();
  private static final Safelist SAFE =
      new Safelist()
          .addTags("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "code")
          .addTags("pre", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th")
          .addTags("td", "a", "img")
          .addAttributes("ol", "start")
          .addAttributes("th", "align")
          .addAttributes("td", "align")
          .addAttributes("a", "href")
          .addAttributes("img", "src", "alt")
          .addProtocols("a", "href", "http", "https")
          .addProtocols("img", "src", "http", "https")
          .addEnforcedAttribute("a", "rel", "noopener noreferrer nofollow");
  private static final Document.OutputSettings COMPACT =
      new Document.OutputSettings()
          .prettyPrint(false)
          .escapeMode(Entities.EscapeMode.xhtml)
          .charset(StandardCharsets.UTF_8);

  private MailHtml() {}

  /** A whole document. */
  static String of(String markdown, AllowedHosts hosts) {
    return """
    <!DOCTYPE html>
    <html><head><meta charset="utf-8"></head><body>
    %s
    </body></html>
    """
        .formatted(body(markdown, hosts));
  }

  private static String body(String markdown, AllowedHosts hosts) {
    var parsed = PARSER.parse(markdown);
    if (isTooDeep(parsed)) {
      return "<pre>" + Entities.escape(markdown) + "</pre>";
    }
    var document = Jsoup.parseBodyFragment(RENDERER.render(parsed));
    document.outputSettings(COMPACT);
    var html = document.body();
    html.select("img").forEach(image -> image(image, hosts));
    html.select("a").forEach(link -> link(link, hosts));
    return Jsoup.clean(html.html(), "", SAFE, COMPACT).strip();
  }

  /** An image elsewhere is what it shows, in words. */
  private static void image(Element image, AllowedHosts hosts) {
    hosts
        .allowed(image.attr("src"))
        .ifPresentOrElse(
            url -> image.attr("src", url),
            () -> image.replaceWith(new TextNode(image.attr("alt"))));
  }

  /** A link elsewhere is its text, and where it would lead, written so that nothing links it. */
  private static void link(Element link, AllowedHosts hosts) {
    var url = link.attr("href");
    var allowed = hosts.allowed(url);
    if (allowed.isPresent()) {
      link.attr("href", allowed.get());
      return;
    }
    var text = link.text();
    if (url.startsWith(MAILTO)) {
      appendUnlessThere(link, text, url.substring(MAILTO.length()));
    } else if (text.equals(url) || text.equals(url.replaceFirst("^https?://", ""))) {
      link.text(unlinkable(url));
    } else if (!url.isEmpty()) {
      appendUnlessThere(link, text, unlinkable(url));
    }
    link.unwrap();
  }

  private static void appendUnlessThere(Element link, String text, String target) {
    if (!text.contains(target)) {
      link.appendText(" (" + target + ")");
    }
  }

  private static String unlinkable(String url) {
    var shown = url.length() > LONGEST_SHOWN ? url.substring(0, LONGEST_SHOWN) + "…" : url;
    return shown.replace(".", "[.]");
  }

  /** Walks the tree without calling itself. */
  private static boolean isTooDeep(Node root) {
    var depth = 0;
    var node = root;
    while (true) {
      if (node.getFirstChild() != null) {
        node = node.getFirstChild();
        depth++;
        if (depth > DEEPEST) {
          return true;
        }
        continue;
      }
      while (depth > 0 && node.getNext() == null) {
        node = node.getParent();
        depth--;
      }
      if (depth == 0) {
        return false;
      }
      node = node.getNext();
    }
  }
}

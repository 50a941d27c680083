package dev.colloquy.channel.captured;

import io.quarkus.qute.RawString;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Markdown as HTML that a page can show whoever wrote it: HTML in it is text, links lead to the web
 * or to a mail, and images are links, so that looking at it asks no other server for anything.
 */
final class SafeMarkdown {
  private static final List<org.commonmark.Extension> EXTENSIONS =
      List.of(TablesExtension.create(), AutolinkExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .softbreak("<br>\n")
          .attributeProviderFactory(_ -> SafeMarkdown::addAttributes)
          .build();

  private SafeMarkdown() {}

  /** The HTML, which a template need not escape. */
  static RawString html(String markdown) {
    var document = PARSER.parse(markdown);
    document.accept(new ImagesToLinks());
    return new RawString(RENDERER.render(document));
  }

  private static void addAttributes(Node node, String tag, Map<String, String> attributes) {
    if (node instanceof Link) {
      attributes.put("rel", "noopener noreferrer nofollow");
      attributes.put("target", "_blank");
    }
  }

  private static final class ImagesToLinks extends AbstractVisitor {
    @Override
    public void visit(Image image) {
      var link = new Link(image.getDestination(), image.getTitle());
      while (image.getFirstChild() != null) {
        link.appendChild(image.getFirstChild());
      }
      image.insertAfter(link);
      image.unlink();
    }
  }
}

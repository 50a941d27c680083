package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailHtmlTest {
  private static final AllowedHosts SOME = new AllowedHosts(List.of("example.com"));

  private static Document html(String markdown) {
    return Jsoup.parse(MailHtml.of(markdown, SOME));
  }

  private static String body(String markdown) {
    var html = MailHtml.of(markdown, SOME);
    return html.substring(html.indexOf("<body>") + 6, html.indexOf("</body>")).strip();
  }

  @Test
  void markdownBecomesPlainHtml() {
    assertThat(
            MailHtml.of("Hello **Grace**,\nyour *order*:\n\n- `4711`\n- 2\n\n> ok\n\n# Bye", SOME))
        .contains("<p>Hello <strong>Grace</strong>,<br>\nyour <em>order</em>:</p>")
        .contains("<li><code>4711</code></li>")
        .contains("<blockquote>")
        .contains("<h1>Bye</h1>");
    assertThat(body("|a|b|\n|-|-:|\n|1|2|")).contains("<td align=\"right\">2</td>");
    assertThat(body("Grüße, 世界 👋🏽 & <you>")).contains("Grüße, 世界 👋🏽 &amp; &lt;you&gt;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "<img src=https://example.com/a.png onerror=alert(1)>",
        "a <b onclick=alert(1)>b</b> <style>*{}</style>",
        "<iframe src=\"https://example.com/\"></iframe>",
        "<!-- x --><svg/onload=alert(1)>",
        "<a href=\"https://evil.example/\">x</a>"
      })
  void htmlIsShownAsTheTextThatItIs(String markdown) {
    assertThat(html(markdown).body().select("*"))
        .allMatch(e -> List.of("body", "p").contains(e.tagName()));
    assertThat(html(markdown).body().text()).contains("<");
  }

  @Test
  void anImageElsewhereIsItsWords() {
    var html = html("See ![the **ship**](https://evil.example/p.png?d=secret \"t\") there.");
    assertThat(html.select("img")).isEmpty();
    assertThat(html.body().text()).isEqualTo("See the ship there.");
    assertThat(html.html()).doesNotContain("evil", "secret");
  }

  @Test
  void anImageOnAnAllowedHostIsShown() {
    assertThat(body("![a ship](https://img.Example.com/s.png)"))
        .isEqualTo("<p><img src=\"https://img.example.com/s.png\" alt=\"a ship\"></p>");
  }

  @Test
  void aLinkElsewhereIsTextThatNothingLinks() {
    assertThat(body("Go [here](https://evil.example/x.html?a=b) now."))
        .isEqualTo("<p>Go here (https://evil[.]example/x[.]html?a=b) now.</p>");
    assertThat(body("Go to https://evil.example/x now."))
        .isEqualTo("<p>Go to https://evil[.]example/x now.</p>");
    assertThat(body("<https://evil.example/x>")).isEqualTo("<p>https://evil[.]example/x</p>");
    assertThat(body("Go to www.evil.example now.")).doesNotContain("www.evil").doesNotContain("<a");
    assertThat(body("[**bold** here][1]\n\n[1]: https://evil.example"))
        .isEqualTo("<p><strong>bold</strong> here (https://evil[.]example)</p>");
    assertThat(body("[![alt](https://evil.example/a.png)](https://evil.example/b)"))
        .isEqualTo("<p>alt (https://evil[.]example/b)</p>");
  }

  @Test
  void aLinkToAnAllowedHostIsALink() {
    var link = html("[Docs](https://docs.example.com/a?b=c&d)").select("a");
    assertThat(link.attr("href")).isEqualTo("https://docs.example.com/a?b=c&d");
    assertThat(link.attr("rel")).isEqualTo("noopener noreferrer nofollow");
    assertThat(link.text()).isEqualTo("Docs");
    assertThat(html("See https://example.com/x.").select("a").attr("href"))
        .isEqualTo("https://example.com/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#10;script:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "![x](//evil.example/a.png)",
        "[x](//evil.example/a)",
        "[x](/a)",
        "[x](\\\\evil.example/a)",
        "[x](https://example.com@evil.example/)",
        "[x](https://example.com\\@evil.example/)",
        "[x](https://exаmple.com/)",
        "[x](HTTPS://EVIL.EXAMPLE/)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](tel:+4912345)",
        "[x](cid:a@b)",
        "![x](https://example.com.evil.example/a.png)"
      })
  void noTrickMakesALinkOrAnImage(String markdown) {
    assertThat(html(markdown).select("a, img, [href], [src]")).isEmpty();
    assertThat(html(markdown).body().text()).contains("x");
  }

  @Test
  void addressesAreShownAndNotLinked() {
    assertThat(body("Write to ada@example.com or [us](mailto:b@example.com)."))
        .isEqualTo("<p>Write to ada@example.com or us (b@example.com).</p>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {">", "- ", "*a ", "**a ", "[", "![", "`", "<", "&", "|", "_a*b ", "((", "~"})
  void textThatIsBuiltToOverwhelmIsStillAMail(String piece) {
    var html = MailHtml.of(piece.repeat(20_000) + "\n\nend", SOME);
    assertThat(html).contains("end").contains("</body>");
  }

  @Test
  void emphasisThatIsNestedTooDeepIsShownAsItIs() {
    var text = "*a **b ".repeat(200) + "x" + "** *".repeat(200);
    assertThat(MailHtml.of(text, SOME)).contains("</body>");
  }
}

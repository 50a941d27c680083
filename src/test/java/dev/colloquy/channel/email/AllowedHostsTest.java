package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {
  private static final AllowedHosts SOME =
      new AllowedHosts(List.of("Example.com", "*.shop.example", "bücher.example"));

  @ParameterizedTest
  @CsvSource({
    "https://example.com, https://example.com",
    "HTTPS://EXAMPLE.COM/A?b=C#d, https://example.com/A?b=C#d",
    "http://www.example.com:8080/x, http://www.example.com:8080/x",
    "https://a.b.shop.example/, https://a.b.shop.example/",
    "https://example.com./, https://example.com/",
    "https://bücher.example/ü, https://xn--bcher-kva.example/ü",
    "https://xn--bcher-kva.example/, https://xn--bcher-kva.example/",
    "https://ｅxample。com/, https://example.com/",
    "https://example.com/@evil.example, https://example.com/@evil.example",
    "https://example.com?x=https://evil.example, https://example.com?x=https://evil.example"
  })
  void aHostAndAllBelowItMayBeLinkedAndIsWrittenInAscii(String url, String linked) {
    assertThat(SOME.allowed(url)).contains(linked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "https://notexample.com/",
        "https://example.com.evil.example/",
        "https://com/",
        "https://example.com@evil.example/",
        "https://example.com:x@evil.example/",
        "https://user@example.com/",
        "https://evil.example\\@example.com/",
        "https://evil.example\\.example.com/",
        "https:\\\\example.com/",
        "https:/example.com/",
        "https:example.com",
        "https:///example.com/",
        "//example.com/",
        "/example.com",
        "example.com",
        "javascript:alert(1)//example.com",
        "JaVaScRiPt://example.com/%0aalert(1)",
        "data:text/html,https://example.com/",
        "ftp://example.com/",
        "mailto:a@example.com",
        "https://exаmple.com/", // a Cyrillic а
        "https://xn--exmple-4nf.com/",
        "https://evil.example%2f.example.com/",
        "https://evil.example%00.example.com/",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/\u0000",
        "https://evil.example\t.example.com/",
        "https://example.com\n.evil.example/",
        "https://[::1]/",
        "https://example.com:80:80/",
        "https://example.com:https/",
        "https://-example.com/",
        " https://example.com/",
        "https://",
        ""
      })
  void nothingElseMay(String url) {
    assertThat(SOME.allowed(url)).isEmpty();
  }

  @Test
  void aStarAllowsEveryHostButNoTricks() {
    var all = new AllowedHosts(List.of("*"));
    assertThat(all.allowed("https://evil.example/x")).contains("https://evil.example/x");
    assertThat(all.allowed("https://a@evil.example/x")).isEmpty();
    assertThat(all.allowed("javascript:alert(1)")).isEmpty();
  }

  @Test
  void anEntryThatIsNoNameAllowsNothing() {
    var odd = new AllowedHosts(List.of("", ".", "https://example.com", "a b", "null"));
    assertThat(odd.allowed("https://example.com/")).isEmpty();
    assertThat(odd.allowed("https://com/")).isEmpty();
  }
}

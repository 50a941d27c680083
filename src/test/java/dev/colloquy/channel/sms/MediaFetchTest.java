package dev.colloquy.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaFetchTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://93.184.215.14/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.0.0.1/x",
        "https://172.16.5.4/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/x",
        "https://100.64.0.1/x",
        "https://198.18.0.1/x",
        "https://224.0.0.1/x",
        "https://255.255.255.255/x",
        "https://192.0.0.8/x",
        "https://[::1]/x",
        "https://[::]/x",
        "https://[fe80::1]/x",
        "https://[fc00::1]/x",
        "https://[fd12:3456::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://[2002:7f00:1::]/x",
        "https://[ff02::1]/x",
        "https://2130706433/x",
        "file:///etc/passwd",
        "ftp://93.184.215.14/x",
        "https:///x",
        "https://host.invalid/x"
      })
  void nothingIsFetchedFromWhatIsNotPublic(String url) {
    assertThat(MediaFetch.isPublic(URI.create(url))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://93.184.215.14/x", "https://[2606:2800:21f:cb07::1]/x"})
  void whatIsPublicIs(String url) {
    assertThat(MediaFetch.isPublic(URI.create(url))).isTrue();
  }
}

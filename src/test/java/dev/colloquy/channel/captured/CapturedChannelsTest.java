package dev.colloquy.channel.captured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapturedChannelsTest {
  @ParameterizedTest
  @CsvSource({
    "AUTO, true,  false, 127.0.0.1, true",
    "AUTO, true,  false, localhost, true",
    "AUTO, true,  false, ::1,       true",
    "AUTO, false, false, 127.0.0.1, false", // an external PostgreSQL
    "AUTO, true,  true,  127.0.0.1, false", // a public URL
    "AUTO, true,  false, 0.0.0.0,   false",
    "AUTO, true,  false, 192.0.2.1, false",
    "ON,   false, true,  127.0.0.1, true",
    "OFF,  true,  false, 127.0.0.1, false"
  })
  void thePageIsThereWhereNobodyElseCanReachIt(
      DevConfig.When when, boolean embedded, boolean hasPublicUrl, String host, boolean isOn) {
    assertThat(CapturedChannels.isOn(when, embedded, hasPublicUrl, host)).isEqualTo(isOn);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example.com"})
  void itIsNotOpenedToOthers(String host) {
    assertThatThrownBy(() -> CapturedChannels.isOn(DevConfig.When.ON, true, false, host))
        .hasMessageContaining("colloquy.dev.channels")
        .hasMessageContaining(host);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "LOCALHOST:8080, true",
    "127.0.0.1, true",
    "127.1.2.3:80, true",
    "[::1], true",
    "[::1]:8080, true",
    "localhost.evil.example, false",
    "localhost., false",
    "127.0.0.1.evil.example, false",
    "127.0.0.1:8080:1, false",
    "0.0.0.0, false",
    "[::], false",
    "'', false"
  })
  void aHostHeaderNamesThisMachineOrItDoesNot(String header, boolean isHere) {
    assertThat(Loopback.isHostHeader(header)).isEqualTo(isHere);
  }

  @Test
  void noHostHeaderIsNotThisMachine() {
    assertThat(Loopback.isHostHeader(null)).isFalse();
  }
}

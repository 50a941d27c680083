package dev.colloquy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.launch.LaunchCheck;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server's own settings must be, one by one and together. */
class SettingsTest {
  @ParameterizedTest
  @CsvSource({
    "bootstrap.agent-key, short",
    "bootstrap.agent-key, with a space",
    "bootstrap.super-admin-key, clé-d-administration",
    "database.embedded, true",
    "email.imap.port, 0",
    "email.sender, agent",
    "email.smtp.port, 65536",
    "http.max-head-size, 0",
    "http.max-head-size, 64K",
    "model.acme.base-url, nonsense",
    "model.acme.context-tokens, 255",
    "model.default, ''",
    "model.default, nope:x",
    "model.default, builtin:other",
    "model.default-provider, ''",
    "model.default-provider, nope",
    "model.openai.api-key, with a space",
    "sms.phone-number, 5550100",
    "sms.twilio.base-url, ''",
    "sms.twilio.base-url, nonsense",
    "stream.heartbeat, 5m",
    "turn.starting, 16",
    "turn.starting, ''",
    "voice.phone-number, +0",
    "voice.twilio.base-url, ftp://h",
    "voice.vapi.base-url, h/x",
  })
  void unusable(String name, String value) {
    assertThat(
            LaunchCheck.said(Map.of("colloquy." + name, value), Settings.all(), Settings.rules()))
        .startsWith("colloquy.%s must be ".formatted(name))
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "bootstrap.agent-key, 12345678",
    "email.sender, agent@example.com",
    "email.smtp.port, 65535",
    "model.default, ollama:llama3.2:3b",
    "model.default-provider, Gemini",
    "model.acme.base-url, http://127.0.0.1:1234/v1",
    "sms.phone-number, +12125550100",
    "sms.phone-number, ''",
    "stream.heartbeat, 299s",
    "turn.starting, 15",
    "voice.vapi.base-url, https://h",
  })
  void usable(String name, String value) {
    assertThat(
            LaunchCheck.said(Map.of("colloquy." + name, value), Settings.all(), Settings.rules()))
        .isEmpty();
  }

  @Test
  void providerWithAnAddressIsKnown() {
    var values =
        Map.of(
            "colloquy.model.acme.base-url", "http://h/v1",
            "colloquy.model.default", "acme:m",
            "colloquy.model.default-provider", "acme");
    assertThat(LaunchCheck.said(values, Settings.all(), Settings.rules())).isEmpty();
  }

  @Test
  void twoKeysThatAreEqual() {
    var values =
        Map.of(
            "colloquy.bootstrap.agent-key", "12345678",
            "colloquy.bootstrap.super-admin-key", "12345678");
    assertThat(LaunchCheck.said(values, Settings.all(), Settings.rules()))
        .isEqualTo(
            "colloquy.bootstrap.agent-key must be another than"
                + " colloquy.bootstrap.super-admin-key");
  }
}

package dev.colloquy.platform.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BannerTest {
  private static final URI ADDRESS = URI.create("http://localhost:8080/");

  @TempDir Path dir;

  @Test
  void firstStartShowsKeysAndALineToTry() {
    var text = Banner.text(facts("agent-secret", "organization-secret", "conversation-1"));
    assertThat(text)
        .contains("ready at http://localhost:8080" + System.lineSeparator())
        .contains("agent-1", "organization-secret  (shown this once: keep it)")
        .contains("http://localhost:8080/external/docs", "http://localhost:8080/metrics")
        .contains(dir.toString())
        .doesNotContain("super-admin");
  }

  @Test
  void laterStartsShowNoKey() {
    assertThat(Banner.text(facts(null, null, "conversation-1")))
        .doesNotContain("shown this once")
        .contains("Agent-Secret-Key: $KEY");
  }

  @Test
  void withoutAConversationThereIsNothingToTry() {
    assertThat(Banner.text(facts("k", null, null))).doesNotContain("curl");
  }

  @Test
  void pageOfCapturedChannelsIsNamedWhereThereIsOne() {
    var page = URI.create("http://127.0.0.1:8080/dev/channels");
    assertThat(Banner.text(new Banner.Facts(ADDRESS, dir, null, null, null, null, null, page)))
        .containsPattern("channels +http://127.0.0.1:8080/dev/channels {2}\\(captured mails,");
    assertThat(Banner.text(facts("k", null, null))).doesNotContain("channels");
  }

  @Test
  void lineToTryIsWhatAShellHandsToCurl() throws Exception {
    var line =
        Banner.text(facts("agent-secret", null, "conversation-1"))
            .lines()
            .filter(text -> text.startsWith("curl "))
            .findFirst()
            .orElseThrow();
    // A curl that prints its arguments, one a line.
    var tool = dir.resolve("curl");
    Files.writeString(tool, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    var builder = new ProcessBuilder("sh", "-c", "PATH=" + dir + ":$PATH; " + line);
    var process = builder.start();
    var arguments = process.inputReader().lines().toList();
    assertThat(arguments)
        .containsExactly(
            "-s",
            "http://localhost:8080/external/conversations/conversation-1/messages",
            "-H",
            "Agent-Secret-Key: agent-secret",
            "-H",
            "Content-Type: application/json",
            "-d",
            "{\"message\":\"What can you do?\"}");
  }

  private Banner.Facts facts(String agentKey, String organizationKey, String conversationId) {
    return new Banner.Facts(
        ADDRESS, dir, "agent-1", agentKey, organizationKey, null, conversationId, null);
  }
}

package dev.colloquy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ./colloquy says before it starts anything. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  @ParameterizedTest
  @ValueSource(strings = {"--port", "port=1", "-D", "-Xmx2g", "18095"})
  void serveTakesSettingsOnly(String argument) throws Exception {
    var said = run(2, "serve", "-Dcolloquy.banner=false", argument);
    assertThat(said)
        .startsWith("colloquy: serve takes settings only")
        .contains(argument)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void serveShowsTheHelp(String argument) throws Exception {
    assertThat(run(0, "serve", argument)).contains("./colloquy serve [-Dname=value ...]");
  }

  @Test
  void unknownCommand() throws Exception {
    assertThat(run(2, "start")).startsWith("colloquy: unknown command: start");
  }

  private static String run(int wanted, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("sh", "./colloquy"));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(wanted);
    return said;
  }
}

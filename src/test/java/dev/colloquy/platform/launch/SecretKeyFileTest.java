package dev.colloquy.platform.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretKeyFileTest {
  @TempDir Path dir;

  @Test
  void isMadeOnceAndKept() {
    var made = SecretKeyFile.in(dir);
    assertThat(made).hasSizeGreaterThan(40);
    assertThat(SecretKeyFile.in(dir)).isEqualTo(made);
  }

  @ParameterizedTest
  @CsvSource({"'', is empty", "' ', is empty", "hidden, is too short"})
  void whatIsNoKeyIsRefused(String content, String said) throws Exception {
    Files.writeString(dir.resolve("secret-key"), content);
    assertThatThrownBy(() -> SecretKeyFile.in(dir))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining(dir.resolve("secret-key") + " " + said)
        .hasMessageNotContaining("hidden");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws Exception {
    Files.write(dir.resolve("secret-key"), new byte[] {-1, -2, -3});
    assertThatThrownBy(() -> SecretKeyFile.in(dir))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("is no text");
  }
}

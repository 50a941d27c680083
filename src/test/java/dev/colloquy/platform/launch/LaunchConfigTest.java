package dev.colloquy.platform.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchConfigTest {
  @Test
  void defaults() {
    assertThat(read(Map.of()))
        .isEqualTo(
            new LaunchConfig(Path.of("data"), null, null, null, null, null, "0.0.0.0", 8080));
  }

  @Test
  void everyKey() {
    var config =
        read(
            Map.of(
                "colloquy.data-dir", "/d",
                "colloquy.database.binaries-dir", "/b",
                "colloquy.database.url", "jdbc:postgresql://h/x",
                "colloquy.database.username", "u",
                "colloquy.database.password", "p",
                "quarkus.http.host", "::1",
                "quarkus.http.port", "1"));
    assertThat(config)
        .isEqualTo(
            new LaunchConfig(
                Path.of("/d"), Path.of("/b"), "jdbc:postgresql://h/x", "u", "p", null, "::1", 1));
    assertThat(config.toString()).doesNotContain("=p");
  }

  @Test
  void setToNothingIsNotSet() {
    assertThat(read(Map.of("colloquy.database.url", " ")).url()).isNull();
  }

  @Test
  void portThatIsNoneIsRefused() {
    assertThatThrownBy(() -> read(Map.of("quarkus.http.port", "65536")))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("quarkus.http.port");
  }

  private static LaunchConfig read(Map<String, String> values) {
    return LaunchConfig.of(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(values, "test", 100))
            .build());
  }
}

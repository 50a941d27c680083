package dev.colloquy.platform.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsCheckTest {
  private static final List<Setting> SETTINGS =
      Stream.concat(
              Setting.in("colloquy.sample", Sample.class),
              Stream.of(
                  Setting.of("colloquy.url", URI.class),
                  Setting.needed("colloquy.yes", Boolean.class),
                  Setting.ours("colloquy.ours")))
          .toList();
  private static final List<SettingRule> RULES =
      List.of(
          SettingRule.below("colloquy.sample.some-number", "lib.number", Integer.class, 0),
          SettingRule.below("colloquy.sample.time", "lib.time", Duration.class, Duration.ZERO),
          SettingRule.below("colloquy.sample.room", "lib.room", BigInteger.class, BigInteger.ZERO),
          SettingRule.different("colloquy.sample.text", "colloquy.sample.other-text"));

  interface Sample {
    @Min(1)
    @Max(9)
    int someNumber();

    @DurationMin(seconds = 1)
    Duration time();

    OptionalInt port();

    @Max(7)
    OptionalInt most();

    @WithDefault("8K")
    MemorySize room();

    Optional<String> otherText();

    Optional<Colour> colour();

    Optional<List<String>> words();

    Optional<@Pattern(regexp = "h.*", message = "text that begins with h") String> text();

    @WithParentName
    Map<String, Group> groups();
  }

  interface Group {
    @Min(2)
    OptionalInt size();
  }

  enum Colour {
    RED,
    DARK_BLUE
  }

  @Test
  void names() {
    assertThat(SETTINGS)
        .extracting(Setting::name)
        .containsExactlyInAnyOrder(
            "colloquy.sample.some-number",
            "colloquy.sample.time",
            "colloquy.sample.port",
            "colloquy.sample.most",
            "colloquy.sample.room",
            "colloquy.sample.other-text",
            "colloquy.sample.colour",
            "colloquy.sample.words",
            "colloquy.sample.text",
            "colloquy.sample.*.size",
            "colloquy.url",
            "colloquy.yes",
            "colloquy.ours");
  }

  @ParameterizedTest
  @CsvSource({
    "sample.some-number, 1",
    "sample.some-number, 9",
    "sample.time, 1s",
    "sample.time, 2h",
    "sample.port, -1",
    "sample.port, ''",
    "sample.colour, red",
    "sample.colour, dark-blue",
    "sample.colour, ''",
    "sample.words, 'a,b'",
    "sample.text, hi",
    "sample.any.size, 2",
    "'sample.\"a.b\".size', 2",
    "url, https://h/x",
    "url, http://h:1",
    "yes, FALSE",
    "yes, on"
  })
  void whatFits(String name, String value) {
    assertThatCode(() -> check(Map.of("colloquy." + name, value)).check())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "sample.some-number, 0, 'a number from 1 to 9, not \"0\"'",
    "sample.some-number, 10, 'a number from 1 to 9, not \"10\"'",
    "sample.some-number, 99999999999, 'a number from 1 to 9, not \"99999999999\"'",
    "sample.time, 999ms, 'a duration such as 500ms, 15s, 2m or 1h, and at least 1000 ms'",
    "sample.time, soon, 'a duration such as'",
    "sample.port, x, 'a number, not \"x\"'",
    "sample.most, 8, 'a number to 7, not \"8\"'",
    "sample.room, 0, 'a size such as 16K or 4M, and more than 0, not \"0\"'",
    "sample.room, ' ', 'a size such as 16K or 4M, and more than 0, not empty'",
    "yes, '', 'true or false, not empty'",
    "ours, true, 'left alone: the server sets it itself'",
    "sample.colour, green, 'one of red, dark-blue, not \"green\"'",
    "sample.text, secret, 'text that begins with h'",
    "sample.any.size, 1, 'a number from 2, not \"1\"'",
    "url, h/x, 'an address such as'",
    "url, ftp://h/x, 'an address such as'",
    "yes, maybe, 'true or false, not \"maybe\"'"
  })
  void whatDoesNotFit(String name, String value, String wanted) {
    assertThatThrownBy(() -> check(Map.of("colloquy." + name, value)).check())
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("colloquy.%s must be %s".formatted(name, wanted))
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({"colloquy.sampel.time", "colloquy.sample.a.b.size", "colloquy.Sample.time"})
  void namesOfNoSetting(String name) {
    assertThatThrownBy(() -> check(Map.of(name, "1s")).check())
        .isInstanceOf(LaunchException.class)
        .hasMessage(name + " is no setting: docs/configuration.md has them all");
  }

  @ParameterizedTest
  @CsvSource({
    "sample.some-number, 5, lib.number, 5, 'below lib.number, which is 5, not \"5\"'",
    "sample.time, 2m, lib.time, 1M, 'below lib.time, which is 1M, not \"2m\"'",
    "sample.room, 64K, lib.room, 64K, 'below lib.room, which is 64K, not \"64K\"'",
    "sample.text, hidden, colloquy.sample.other-text, hidden, 'another than colloquy.sample.other-text'",
  })
  void whatDoesNotFitTogether(
      String name, String value, String other, String otherValue, String wanted) {
    assertThatThrownBy(() -> check(Map.of("colloquy." + name, value, other, otherValue)).check())
        .isInstanceOf(LaunchException.class)
        .hasMessage("colloquy.%s must be %s".formatted(name, wanted));
  }

  @Test
  void defaultIsHeldAgainstTheLimitToo() {
    assertThatThrownBy(() -> check(Map.of("lib.room", "8K")).check())
        .hasMessageContaining("colloquy.sample.room must be below lib.room");
  }

  @ParameterizedTest
  @CsvSource({"lib.number, 6", "lib.time, 0s", "lib.time, 1M", "lib.room, 9K"})
  void whatFitsTogether(String name, String value) {
    assertThatCode(() ->
            check(
                    Map.of(
                        "colloquy.sample.some-number",
                        "5",
                        "colloquy.sample.time",
                        "59s",
                        "colloquy.sample.text",
                        "hi",
                        "colloquy.sample.other-text",
                        "ho",
                        name,
                        value))
                .check())
        .doesNotThrowAnyException();
  }

  @Test
  void limitThatCannotBeRead() {
    assertThatThrownBy(() -> check(Map.of("lib.room", "much")).check())
        .isInstanceOf(LaunchException.class)
        .hasMessage("lib.room cannot be \"much\"");
  }

  @Test
  void nameInTheFileDotEnvIsOurs(@TempDir Path dir) throws Exception {
    var file = dir.resolve(".env");
    Files.writeString(file, "COLLOQUY_SAMPLE_TIEM=1s\nCOLLOQUY_SAMPLE_TIME=1s\nOTHER=1\n");
    var sources =
        DotEnvConfigSourceProvider.dotEnvSources(
            file.toUri().toString(), SettingsCheckTest.class.getClassLoader());
    var check =
        new SettingsCheck(
            new SmallRyeConfigBuilder().addDiscoveredConverters().withSources(sources).build(),
            SETTINGS,
            List.of());
    assertThatThrownBy(check::check)
        .isInstanceOf(LaunchException.class)
        .hasMessage(
            "COLLOQUY_SAMPLE_TIEM in .env is no setting: docs/configuration.md has them all");
    assertThat(check.ignored()).isEmpty();
  }

  @Test
  void valueThatLeansOnOneThatIsNotThere() {
    assertThatThrownBy(() -> check(Map.of("colloquy.sample.time", "${nowhere}")).check())
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("colloquy.sample.time names another setting");
  }

  @Test
  void othersAreNoneOfOurBusiness() {
    assertThatCode(() -> check(Map.of("quarkus.sampel", "x", "colloquycolloquy", "x")).check())
        .doesNotThrowAnyException();
  }

  @Test
  void environment() {
    var check =
        new SettingsCheck(
            new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(
                    new EnvConfigSource(
                        Map.of(
                            "COLLOQUY_SAMPLE_TIME", "1s",
                            "COLLOQUY_SAMPLE_SOME_NUMBER", "2",
                            "COLLOQUY_SAMPLE_ANY_SIZE", "2",
                            "COLLOQUY_SAMPLE_TIEM", "1s",
                            "COLLOQUY_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                            "COLLOQUY_SERVICE_HOST", "10.0.0.1",
                            "HOME", "/"),
                        300))
                .build(),
            SETTINGS,
            List.of());
    check.check();
    assertThat(check.ignored())
        .containsExactly("COLLOQUY_SAMPLE_TIEM in the environment is no setting, and is ignored");
  }

  private static SettingsCheck check(Map<String, String> values) {
    return new SettingsCheck(
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(values, "test", 100))
            .build(),
        SETTINGS,
        RULES);
  }
}

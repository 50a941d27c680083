package dev.colloquy.platform.launch;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.SmallRyeConfig;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the settings are: as the operator has set them, or else their defaults. */
public final class SettingValues {
  private final SmallRyeConfig config;
  private final List<Setting> settings;

  SettingValues(SmallRyeConfig config, List<Setting> settings) {
    this.config = config;
    this.settings = settings;
  }

  /** A value as it is written; set to nothing counts as not set. */
  public Optional<String> text(String name) {
    var set = Optional.ofNullable(config.getConfigValue(name).getValue());
    return set.map(String::strip)
        .filter(value -> !value.isEmpty())
        .or(() ->
            settings.stream()
                .filter(setting -> setting.isNamed(name))
                .findFirst()
                .flatMap(Setting::standard));
  }

  /**
   * A value as the type.
   *
   * @throws LaunchException where it cannot be read as that
   */
  <T> Optional<T> get(String name, Class<T> type) {
    return text(name)
        .map(text -> {
          try {
            return type == BigInteger.class
                ? type.cast(config.requireConverter(MemorySize.class).convert(text).asBigInteger())
                : config.requireConverter(type).convert(text);
          } catch (IllegalArgumentException e) {
            throw new LaunchException("%s cannot be \"%s\"".formatted(name, text), e);
          }
        });
  }

  /** All names that are set, whoever they belong to. */
  public Stream<String> names() {
    return StreamSupport.stream(config.getPropertyNames().spliterator(), false);
  }
}

package dev.colloquy.turn;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;

/** Settings of turns as SmallRye reads them, without a server. */
final class TurnConfigs {
  private TurnConfigs() {}

  /** From pairs of a property below {@code colloquy.turn.} and its value. */
  static TurnConfig of(String... pairs) {
    var properties = new HashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put("colloquy.turn." + pairs[i], pairs[i + 1]);
    }
    return new SmallRyeConfigBuilder()
        .withMapping(TurnConfig.class)
        .withConverter(Duration.class, 100, new DurationConverter())
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build()
        .getConfigMapping(TurnConfig.class);
  }
}

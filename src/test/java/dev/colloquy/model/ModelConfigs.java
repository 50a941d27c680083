package dev.colloquy.model;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Model settings as SmallRye reads them, without a server. */
public final class ModelConfigs {
  private ModelConfigs() {}

  /** From pairs of a property below {@code colloquy.model.} and its value. */
  public static ModelConfig of(String... pairs) {
    var properties = new HashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put("colloquy.model." + pairs[i], pairs[i + 1]);
    }
    return read(new PropertiesConfigSource(properties, "test", 100));
  }

  static ModelConfig ofEnvironment(Map<String, String> environment) {
    return read(new EnvConfigSource(environment, 300));
  }

  private static ModelConfig read(ConfigSource source) {
    return new SmallRyeConfigBuilder()
        .withMapping(ModelConfig.class)
        .withConverter(Duration.class, 100, new DurationConverter())
        .withSources(source)
        .build()
        .getConfigMapping(ModelConfig.class);
  }
}

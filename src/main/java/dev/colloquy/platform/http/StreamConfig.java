package dev.colloquy.platform.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** The settings of event streams, {@code colloquy.stream.*}. */
@ConfigMapping(prefix = "colloquy.stream")
public interface StreamConfig {
  /** How many a node has at once; one more is answered with 429. Default 12000. */
  @WithDefault("12000")
  @Min(0)
  int max();

  /** After how long without an event a comment line is sent. Default 15 seconds. */
  @WithDefault("15s")
  @DurationMin(millis = 100)
  Duration heartbeat();

  /** How long a reader may take for an event before it is cut off. Default 10 seconds. */
  @WithDefault("10s")
  @DurationMin(millis = 100)
  Duration writeTimeout();
}

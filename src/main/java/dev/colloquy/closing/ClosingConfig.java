package dev.colloquy.closing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** The settings of closing conversations, {@code colloquy.closing.*}. */
@ConfigMapping(prefix = "colloquy.closing")
public interface ClosingConfig {
  /**
   * After how long without a message a conversation is closed, where its agent sets no time of its
   * own. Default 10 minutes.
   */
  @WithDefault("10m")
  @DurationMin(millis = 1)
  Duration idleTime();

  /** How often idle conversations are looked for. Default 10 seconds. */
  @WithDefault("10s")
  @DurationMin(millis = 10)
  Duration interval();
}

package dev.colloquy.closing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of closing conversations, {@code colloquy.closing.*}. */
@ConfigMapping(prefix = "colloquy.closing")
public interface ClosingConfig {
  /**
   * After how long without a message a conversation is closed, where its agent sets no time of its
   * own. Default 10 minutes.
   */
  @WithDefault("10m")
  Duration idleTime();

  /** How often idle conversations are looked for. Default 10 seconds. */
  @WithDefault("10s")
  Duration interval();
}

package dev.colloquy.channel.captured;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What is there for trying things out, {@code colloquy.dev.*}. */
@ConfigMapping(prefix = "colloquy.dev")
public interface DevConfig {
  /** Whether there is a page at {@code /dev/channels}. */
  @WithDefault("auto")
  When channels();

  /** When something is there. */
  enum When {
    /** On an installation that nobody but its own machine can reach, with nothing configured. */
    AUTO,
    /** On any installation that listens on loopback only. */
    ON,
    /** Never. */
    OFF
  }
}

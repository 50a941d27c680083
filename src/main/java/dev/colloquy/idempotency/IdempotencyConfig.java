package dev.colloquy.idempotency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of repeated requests, {@code colloquy.idempotency.*}. */
@ConfigMapping(prefix = "colloquy.idempotency")
public interface IdempotencyConfig {
  /** For how long an answer can be had again by its Idempotency-Key. Default 24 hours. */
  @WithDefault("24h")
  Duration retention();

  /** How often answers older than that are removed. Default 1 minute. */
  @WithDefault("1m")
  Duration purgeInterval();
}

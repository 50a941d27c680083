package dev.colloquy.idempotency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** The settings of repeated requests, {@code colloquy.idempotency.*}. */
@ConfigMapping(prefix = "colloquy.idempotency")
public interface IdempotencyConfig {
  /** For how long an answer can be had again by its Idempotency-Key. Default 24 hours. */
  @WithDefault("24h")
  @DurationMin(millis = 1)
  Duration retention();

  /** How often answers older than that are removed. Default 1 minute. */
  @WithDefault("1m")
  @DurationMin(millis = 10)
  Duration purgeInterval();
}

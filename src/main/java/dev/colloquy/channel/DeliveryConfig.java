package dev.colloquy.channel;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How deliveries are tried, {@code colloquy.delivery.*}. */
@ConfigMapping(prefix = "colloquy.delivery")
public interface DeliveryConfig {
  /** How long after its message a delivery is given up. Default 24 hours. */
  @WithDefault("24h")
  @DurationMin(millis = 1)
  Duration giveUpAfter();

  /**
   * How long to wait after the first failure; doubled after each further one. Default 10 seconds.
   */
  @WithDefault("10s")
  @DurationMin(millis = 1)
  Duration firstRetry();

  /** How long to wait at most. Default 10 minutes. */
  @WithDefault("10m")
  @DurationMin(millis = 1)
  Duration longestRetry();
}

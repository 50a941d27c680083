package dev.colloquy.channel;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How what comes in is handled, {@code colloquy.inbound.*}. */
@ConfigMapping(prefix = "colloquy.inbound")
public interface InboundConfig {
  /** How long the raw form of what came in is kept. Default 30 days. */
  @WithDefault("720h")
  @DurationMin(millis = 1)
  Duration keep();

  /**
   * How often it is tried before it is put aside as failed, from where it can be replayed; 1 to 50,
   * default 8.
   */
  @WithDefault("8")
  @Min(1)
  @Max(50)
  int attempts();
}

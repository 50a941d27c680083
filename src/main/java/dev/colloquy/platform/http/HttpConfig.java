package dev.colloquy.platform.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** The limits of requests, {@code colloquy.http.*}. */
@ConfigMapping(prefix = "colloquy.http")
public interface HttpConfig {
  /** How large a request body may be; a larger one is answered with 413. Default 4 MiB. */
  @WithDefault("4M")
  MemorySize maxBodySize();

  /**
   * How long a URI may be, and all headers together; longer ones are answered with 414 and 431.
   * Default 16 KiB.
   */
  @WithDefault("16K")
  MemorySize maxHeadSize();

  /** How long a body may take to arrive, however slowly it comes. Default 30 seconds. */
  @WithDefault("30s")
  @DurationMin(millis = 100)
  Duration bodyTimeout();
}

package dev.colloquy.turn;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** The settings of turns, {@code colloquy.turn.*}. */
@ConfigMapping(prefix = "colloquy.turn")
public interface TurnConfig {
  /** How long a turn may take, retries and fallback included. Default 2 minutes. */
  @WithDefault("2m")
  @DurationMin(millis = 100)
  Duration timeLimit();

  /**
   * How many turns one node runs at once; one more is refused with 429 before anything is stored.
   * Default 12000.
   */
  @WithDefault("12000")
  @Min(1)
  int inFlight();

  /**
   * How many turns of one agent one node runs at once, where the agent sets no number of its own.
   * Default 12000.
   */
  @WithDefault("12000")
  @Min(1)
  int inFlightPerAgent();

  /** How many questions of one conversation may wait or run at once. Default 100. */
  @WithDefault("100")
  @Min(1)
  int openPerConversation();

  /**
   * How many questions are stored at once. Smaller than the pool of connections, so that turns that
   * end always find one. Default 12.
   */
  @WithDefault("12")
  @Min(1)
  int starting();

  /** How long a question may wait to be stored during a burst. Default 5 seconds. */
  @WithDefault("5s")
  @DurationMin(millis = 0)
  Duration burstWait();

  /**
   * How long it may wait once questions have been waiting for longer than {@code burst-wait}: the
   * server is offered more than it can do, and the rest is refused with 429. Default 500 ms.
   */
  @WithDefault("500ms")
  @DurationMin(millis = 0)
  Duration overloadWait();

  /** How many messages of history are read for a prompt at most. Default 100. */
  @WithDefault("100")
  @Min(0)
  @Max(1000)
  int historyMessages();

  /** How long a node holds its turns without renewing its lease. Default 15 seconds. */
  @WithDefault("15s")
  @DurationMin(millis = 500)
  Duration lease();

  /** How often a turn is taken up again after its node died. Default 3. */
  @WithDefault("3")
  @Min(1)
  @Max(100)
  int attempts();
}

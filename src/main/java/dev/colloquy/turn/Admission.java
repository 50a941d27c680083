package dev.colloquy.turn;

import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.ErrorResponse;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Bounds what a node takes on, so that it stays fast under more than it can do: turns in flight on
 * the node and of each agent, and how long a question may wait to be stored. One more is refused
 * with 429 and {@code Retry-After} before anything is stored.
 *
 * <p>Waiting is bounded as controlled delay has it (Nichols and Jacobson, 2012): a burst may wait
 * long, but once there has always been somebody waiting for as long as that, the wait is cut short.
 * Turns that end never wait here.
 */
@Singleton
final class Admission {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final TurnConfig config;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final ConcurrentHashMap<AgentId, OfAgent> agents = new ConcurrentHashMap<>();
  private final Semaphore starting;
  private final LongSupplier ticker;
  private final AtomicLong lastIdle;
  private final io.micrometer.core.instrument.Counter refused;

  @Inject
  Admission(TurnConfig config, MeterRegistry meters) {
    this(config, meters, System::nanoTime);
  }

  /** With a clock that counts nanoseconds. */
  Admission(TurnConfig config, MeterRegistry meters, LongSupplier ticker) {
    this.config = config;
    this.ticker = ticker;
    lastIdle = new AtomicLong(ticker.getAsLong());
    starting = new Semaphore(config.starting(), true);
    refused =
        io.micrometer.core.instrument.Counter.builder("colloquy.turns.refused")
            .description("Questions refused with 429 because too many turns were in flight")
            .register(meters);
    meters.gauge("colloquy.turns.in.flight", inFlight);
  }

  /** What is known of one agent's turns on this node. */
  private static final class OfAgent {
    private int running;
    private int limit;

    OfAgent(int limit) {
      this.limit = limit;
    }
  }

  /** A place among the turns in flight. Given back once; giving it back again does nothing. */
  final class Permit {
    private final AgentId agent;
    private boolean held = true;

    private Permit(AgentId agent) {
      this.agent = agent;
    }

    synchronized void release() {
      if (held) {
        held = false;
        leave(agent);
      }
    }

    /** Notes the agent's own limit, for the questions that come after. */
    void learn(int limit) {
      var known = limit == 0 ? config.inFlightPerAgent() : limit;
      agents.computeIfPresent(
          agent,
          (_, of) -> {
            of.limit = known;
            return of;
          });
    }
  }

  /** Takes a place among the turns in flight, or ends the request with 429. */
  Permit enter(AgentId agent) {
    if (inFlight.incrementAndGet() > config.inFlight()) {
      inFlight.decrementAndGet();
      throw refusal("node", "too many turns are in flight on this node");
    }
    var entered = new boolean[1];
    agents.compute(
        agent,
        (_, known) -> {
          var of = known == null ? new OfAgent(config.inFlightPerAgent()) : known;
          if (of.running < of.limit) {
            of.running++;
            entered[0] = true;
          }
          return of;
        });
    if (!entered[0]) {
      inFlight.decrementAndGet();
      throw refusal("agent", "too many turns of this agent are in flight");
    }
    return new Permit(agent);
  }

  /** Takes a place for a turn that was admitted before, on whichever node. */
  Permit enterAnyway(AgentId agent) {
    inFlight.incrementAndGet();
    agents.compute(
        agent,
        (_, known) -> {
          var of = known == null ? new OfAgent(config.inFlightPerAgent()) : known;
          of.running++;
          return of;
        });
    return new Permit(agent);
  }

  private void leave(AgentId agent) {
    inFlight.decrementAndGet();
    agents.computeIfPresent(
        agent,
        (_, of) -> {
          of.running--;
          // An own limit is worth remembering; the default is not.
          return of.running == 0 && of.limit == config.inFlightPerAgent() ? null : of;
        });
  }

  /** How many turns are in flight on this node. */
  int inFlight() {
    return inFlight.get();
  }

  /** Does what stores a question, when it is its turn to; ends the request with 429 if not soon. */
  <T> T start(java.util.function.Supplier<T> work) throws InterruptedException {
    // Not tryAcquire(): that goes before those who wait, and then looks as if nobody did.
    if (starting.tryAcquire(0, TimeUnit.NANOSECONDS)) {
      lastIdle.set(ticker.getAsLong());
    } else if (!starting.tryAcquire(patience().toNanos(), TimeUnit.NANOSECONDS)) {
      throw refusal("node", "the server is offered more than it can do");
    }
    try {
      return work.get();
    } finally {
      starting.release();
    }
  }

  /** How many questions wait to be stored. */
  int waiting() {
    return starting.getQueueLength();
  }

  private Duration patience() {
    var busyFor = Duration.ofNanos(ticker.getAsLong() - lastIdle.get());
    return busyFor.compareTo(config.burstWait()) > 0 ? config.overloadWait() : config.burstWait();
  }

  private ApiException refusal(String field, String message) {
    refused.increment();
    return new ApiException(
        ErrorCode.OVERLOADED, List.of(new ErrorResponse.Detail(field, message)), RETRY_AFTER);
  }
}

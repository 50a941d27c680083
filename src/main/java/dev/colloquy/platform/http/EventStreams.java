package dev.colloquy.platform.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * All event streams of this node: their number is bounded, one clock beats for all of them, and
 * when the server stops they end first, so that nothing waits for them.
 */
@Singleton
public final class EventStreams {
  private static final Logger log = Logger.getLogger(EventStreams.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration MOST_BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final int RETRY_FROM_MILLIS = 1_000;
  private static final int RETRY_TO_MILLIS = 4_000;

  private final Duration heartbeat;
  private final Duration writeTimeout;
  private final Semaphore places;
  private final Counter slow;
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private final AtExit atExit;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("streams-clock").daemon().factory());
  private volatile boolean stopping;

  @Inject
  EventStreams(StreamConfig config, AtExit atExit, MeterRegistry meters) {
    this(config.heartbeat(), config.writeTimeout(), config.max(), atExit, meters);
  }

  EventStreams(
      Duration heartbeat, Duration writeTimeout, int max, AtExit atExit, MeterRegistry meters) {
    this.atExit = atExit;
    this.heartbeat = heartbeat;
    this.writeTimeout = writeTimeout;
    places = new Semaphore(max);
    Gauge.builder("colloquy.streams.open", open, Set::size)
        .description("Event streams that are open now")
        .register(meters);
    slow =
        Counter.builder("colloquy.streams.cut.off")
            .description("Event streams ended because their reader did not read")
            .register(meters);
  }

  void start(@Observes StartupEvent event) {
    var shorter = heartbeat.compareTo(writeTimeout) < 0 ? heartbeat : writeTimeout;
    var look = Math.max(1, Math.min(MOST_BETWEEN_LOOKS.toMillis(), shorter.toMillis() / 4));
    var _ = clock.scheduleWithFixedDelay(this::beat, look, look, TimeUnit.MILLISECONDS);
    atExit.run("streams-end", this::endAll);
  }

  void stop(@Observes ShutdownEvent event) {
    endAll();
    clock.shutdownNow();
  }

  private void endAll() {
    stopping = true;
    open.stream()
        .filter(stream -> !stream.endsItself())
        .forEach(stream -> stream.end(EventStream.End.STOPPING));
  }

  private void beat() {
    for (var stream : open) {
      try {
        stream.beat(heartbeat);
      } catch (RuntimeException e) {
        // The clock must go on for the others.
        log.errorf(e, "event=heartbeat-failed");
      }
    }
  }

  /** A place among the streams of this node. Given back once; again does nothing. */
  public final class Place implements AutoCloseable {
    private final AtomicBoolean held = new AtomicBoolean(true);

    @Override
    public void close() {
      if (held.compareAndSet(true, false)) {
        places.release();
      }
    }
  }

  /**
   * Takes a place, or ends the request with 429 where the node has all the streams that it may
   * have: for operations that do something before they stream.
   */
  public Place take() {
    if (!places.tryAcquire()) {
      throw full();
    }
    return new Place();
  }

  private static ApiException full() {
    return new ApiException(ErrorCode.TOO_MANY_STREAMS, List.of(), RETRY_AFTER);
  }

  /** Runs a stream to its end, on the calling thread. */
  void run(RoutingContext rc, EventBody body) {
    var taken = body.place();
    var place = taken == null ? take() : taken;
    var stream = new EventStream(rc, writeTimeout, body.endsItself());
    open.add(stream);
    try {
      if (stopping && !stream.endsItself()) {
        stream.end(EventStream.End.STOPPING);
      }
      stream.begin();
      if (!body.isBare()) {
        stream.tellRetry(retry());
      }
      body.work().on(stream);
      stream.finish();
    } catch (EventStream.EndedException e) {
      ended(stream, e.end());
    } catch (RuntimeException e) {
      // The status is out, so all that can be said is that this is not the end.
      log.errorf("request=%s event=stream-failed %s", RequestId.current(), Trace.of(e));
      stream.cutOff();
    } finally {
      open.remove(stream);
      place.close();
    }
  }

  private void ended(EventStream stream, EventStream.End end) {
    switch (end) {
      case GONE -> log.debugf("request=%s event=stream-reader-gone", RequestId.current());
      case SLOW -> {
        stream.cutOff();
        slow.increment();
      }
      case STOPPING -> stream.finish();
    }
  }

  /** When a reader comes back by itself: not all at the same moment after a stop. */
  private static Duration retry() {
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextInt(RETRY_FROM_MILLIS, RETRY_TO_MILLIS));
  }
}

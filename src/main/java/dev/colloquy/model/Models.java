package dev.colloquy.model;

import dev.colloquy.model.ModelException.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Gets a reply from a model, or else from its fallback, trying again where that can help.
 *
 * <p>Safe for many threads. A call blocks its (virtual) thread, and must not be made inside a
 * database transaction.
 */
@Singleton
public final class Models {
  private final ModelConfig config;
  private final Map<String, ModelProvider> providers;
  private final ModelMetrics metrics;
  private final Clock clock;
  private final Sleeper sleeper;
  private final Backoff backoff;

  /** Waits between attempts; a test's one does not. */
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  @Inject
  Models(
      ModelConfig config, @All List<ModelProvider> providers, MeterRegistry registry, Clock clock) {
    this(
        config,
        providers,
        registry,
        clock,
        Thread::sleep,
        new Backoff(() -> ThreadLocalRandom.current().nextDouble()));
  }

  Models(
      ModelConfig config,
      List<ModelProvider> providers,
      MeterRegistry registry,
      Clock clock,
      Sleeper sleeper,
      Backoff backoff) {
    this.config = config;
    this.providers = byName(providers);
    this.metrics = new ModelMetrics(registry);
    this.clock = clock;
    this.sleeper = sleeper;
    this.backoff = backoff;
  }

  private static Map<String, ModelProvider> byName(List<ModelProvider> providers) {
    var byName = new HashMap<String, ModelProvider>();
    for (var provider : providers) {
      for (var name : provider.providers()) {
        if (byName.put(name, provider) != null) {
          throw new IllegalStateException("two model providers are named " + name);
        }
      }
    }
    return Map.copyOf(byName);
  }

  /** How many tokens of instructions, knowledge and history the model is to be sent at most. */
  public int contextTokens(ModelName name) {
    var provider = config.providers().get(name.provider());
    return provider == null
        ? config.contextTokens()
        : provider.contextTokens().orElse(config.contextTokens());
  }

  /**
   * Gets one reply: up to {@code colloquy.model.attempts} attempts at the request's model, each
   * within the request's time limit, then as many at the fallback. With a fallback the first model
   * has two thirds of the time, so that a model that hangs leaves some to the other.
   *
   * @param fallback the model to ask, with the same request, when the first one gives no reply
   * @param deadline when the whole must be over; nothing is begun after it
   * @param listener hears the text as it comes
   * @throws ModelException the last failure, with those of the first model suppressed in it
   * @throws InterruptedException when the calling thread is interrupted; the call is then aborted
   */
  public ModelReply reply(
      ModelRequest request, @Nullable ModelName fallback, Instant deadline, ReplyListener listener)
      throws ModelException, InterruptedException {
    var heard = new HeardText(listener);
    if (fallback == null || fallback.equals(request.model())) {
      return replyOfOne(request, deadline, heard);
    }
    var now = clock.instant();
    var share = now.plus(Duration.between(now, deadline).multipliedBy(2).dividedBy(3));
    try {
      return replyOfOne(request, share, heard);
    } catch (ModelException failure) {
      try {
        return replyOfOne(withModel(request, fallback), deadline, heard);
      } catch (ModelException last) {
        last.addSuppressed(failure);
        throw last;
      }
    }
  }

  private ModelReply replyOfOne(ModelRequest request, Instant deadline, HeardText heard)
      throws ModelException, InterruptedException {
    var provider = providers.get(request.model().provider());
    if (provider == null) {
      throw new ModelException(
          Reason.NOT_CONFIGURED,
          request.model() + ": no provider `" + request.model().provider() + "` is configured");
    }
    var empty = false;
    for (int attempt = 1; ; attempt++) {
      ModelException failure;
      try {
        var reply = attempt(provider, request, deadline, heard);
        if (!reply.text().isBlank()) {
          return reply;
        }
        failure =
            new ModelException(
                empty ? Reason.REJECTED : Reason.RETRYABLE, request.model() + ": an empty reply");
        empty = true;
      } catch (ModelException e) {
        failure = e;
      }
      var wait = backoff.after(attempt, failure.retryAfter());
      if (!mayRetry(failure, attempt, wait, deadline)) {
        throw failure;
      }
      metrics.retried(request.model());
      sleeper.sleep(wait);
    }
  }

  private boolean mayRetry(ModelException failure, int attempt, Duration wait, Instant deadline) {
    return switch (failure.reason()) {
      case RETRYABLE, TIMED_OUT ->
          attempt < config.attempts()
              && wait.compareTo(Backoff.MOST_PATIENCE) <= 0
              && clock.instant().plus(wait).isBefore(deadline);
      case NOT_CONFIGURED, REJECTED -> false;
    };
  }

  private ModelReply attempt(
      ModelProvider provider, ModelRequest request, Instant deadline, HeardText heard)
      throws ModelException, InterruptedException {
    var left = Duration.between(clock.instant(), deadline);
    if (!left.isPositive()) {
      throw new ModelException(Reason.TIMED_OUT, request.model() + ": no time is left");
    }
    heard.restart();
    var limited = left.compareTo(request.timeLimit()) < 0 ? withTimeLimit(request, left) : request;
    var start = System.nanoTime();
    try {
      var reply = provider.reply(limited, heard::hear);
      metrics.replied(reply, since(start));
      return reply;
    } catch (ModelException e) {
      metrics.failed(request.model(), e.reason(), since(start));
      throw e;
    } catch (InterruptedException e) {
      metrics.interrupted(request.model(), since(start));
      throw e;
    }
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static ModelRequest withModel(ModelRequest request, ModelName name) {
    return copy(request, name, request.timeLimit());
  }

  private static ModelRequest withTimeLimit(ModelRequest request, Duration limit) {
    return copy(request, request.model(), limit);
  }

  private static ModelRequest copy(ModelRequest request, ModelName name, Duration limit) {
    return new ModelRequest(
        name,
        request.system(),
        request.messages(),
        request.passages(),
        request.temperature(),
        request.topP(),
        request.reasoningEffort(),
        request.outputJsonSchema(),
        limit);
  }

  /** Passes text on, and says that it is void when a new attempt begins after some was heard. */
  private static final class HeardText {
    private final ReplyListener listener;
    private boolean heard;

    HeardText(ReplyListener listener) {
      this.listener = listener;
    }

    void hear(String piece) {
      heard = true;
      listener.onText(piece);
    }

    void restart() {
      if (heard) {
        heard = false;
        listener.onRestart();
      }
    }
  }
}

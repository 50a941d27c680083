package dev.colloquy.model;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what models do. Users choose model names, so a name becomes a label only once that model
 * has replied, and only for the first {@value #MAX_MODELS}; all others are {@code other}.
 */
final class ModelMetrics {
  static final int MAX_MODELS = 100;
  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final Set<ModelName> replied = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<Call, Timer> timers = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Tokens, Counter> tokens = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Counter> retries = new ConcurrentHashMap<>();

  private record Call(String provider, String model, String outcome) {}

  private record Tokens(String provider, String model, String direction) {}

  ModelMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void replied(ModelReply reply, Duration took) {
    var name = reply.model();
    if (replied.size() < MAX_MODELS) {
      replied.add(name);
    }
    timer(name, reply.text().isBlank() ? "empty" : "replied").record(took);
    tokens(name, "input").increment(reply.inputTokens());
    tokens(name, "output").increment(reply.outputTokens());
  }

  void failed(ModelName name, ModelException.Reason reason, Duration took) {
    timer(name, reason.name().toLowerCase(Locale.ROOT)).record(took);
  }

  void interrupted(ModelName name, Duration took) {
    timer(name, "interrupted").record(took);
  }

  void retried(ModelName name) {
    retries
        .computeIfAbsent(
            name.provider(),
            provider ->
                Counter.builder("colloquy.model.retries")
                    .description("Attempts made again after a failure that may pass")
                    .tag("provider", provider)
                    .register(registry))
        .increment();
  }

  private Timer timer(ModelName name, String outcome) {
    return timers.computeIfAbsent(
        new Call(name.provider(), label(name), outcome),
        call ->
            Timer.builder("colloquy.model")
                .description("Attempts to get a reply from a model")
                .tags("provider", call.provider, "model", call.model, "outcome", call.outcome)
                .register(registry));
  }

  private Counter tokens(ModelName name, String direction) {
    return tokens.computeIfAbsent(
        new Tokens(name.provider(), label(name), direction),
        key ->
            Counter.builder("colloquy.model.tokens")
                .description("Tokens read (input) and written (output), as the provider counts")
                .tags("provider", key.provider, "model", key.model, "direction", key.direction)
                .register(registry));
  }

  private String label(ModelName name) {
    return replied.contains(name) ? name.model() : OTHER;
  }
}

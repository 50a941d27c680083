package dev.colloquy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelMessage.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ModelsTest {
  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  private static final ModelName FIRST = new ModelName("one", "m");
  private static final ModelName SECOND = new ModelName("two", "f");

  private final Scripted one = new Scripted("one");
  private final Scripted two = new Scripted("two");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> heard = new ArrayList<>();
  private final List<Duration> waits = new ArrayList<>();
  private Instant now = START;

  private final Models models =
      new Models(
          ModelConfigs.of("ollama.context-tokens", "4000"),
          List.of(one, two),
          registry,
          clock(),
          wait -> {
            waits.add(wait);
            now = now.plus(wait);
          },
          new Backoff(() -> 0.5));

  @Test
  void aFailureThatMayPassIsTriedAgainAfterAGrowingWait() throws Exception {
    one.fails(Reason.RETRYABLE).fails(Reason.TIMED_OUT).says("Hello.");

    var reply = reply(null, Duration.ofMinutes(2));

    assertThat(reply.text()).isEqualTo("Hello.");
    assertThat(waits).containsExactly(Duration.ofMillis(375), Duration.ofMillis(750));
    assertThat(registry.get("colloquy.model.retries").tag("provider", "one").counter().count())
        .isEqualTo(2);
  }

  @Test
  void afterTheLastAttemptTheLastFailureIsThrown() {
    one.fails(Reason.RETRYABLE).fails(Reason.RETRYABLE).fails(Reason.TIMED_OUT);

    assertThat(failure(null, Duration.ofMinutes(2)).reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(one.requests).hasSize(3);
  }

  @Test
  void whatWillNotPassIsNotTriedAgain() {
    for (var reason : List.of(Reason.NOT_CONFIGURED, Reason.REJECTED)) {
      one.requests.clear();
      one.fails(reason);

      assertThat(failure(null, Duration.ofMinutes(2)).reason()).isEqualTo(reason);
      assertThat(one.requests).hasSize(1);
    }
    assertThat(waits).isEmpty();
  }

  @Test
  void theFallbackAnswersWithTheSameRequest() throws Exception {
    one.fails(Reason.REJECTED);
    two.says("From the other.");

    var reply = reply(SECOND, Duration.ofMinutes(2));

    assertThat(reply.text()).isEqualTo("From the other.");
    assertThat(two.requests.getFirst().model()).isEqualTo(SECOND);
    assertThat(two.requests.getFirst().system()).isEqualTo("Be kind.");
  }

  @Test
  void whenTheFallbackFailsTooBothFailuresAreTold() {
    one.fails(Reason.NOT_CONFIGURED);
    two.fails(Reason.REJECTED);

    var failure = failure(SECOND, Duration.ofMinutes(2));

    assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure.getSuppressed()).hasSize(1);
  }

  @Test
  void aProvidersRetryAfterIsHonoured() throws Exception {
    one.failsAskingFor(Duration.ofSeconds(7)).says("Hello.");

    reply(null, Duration.ofMinutes(2));

    assertThat(waits).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void aProviderThatAsksForTooMuchPatienceIsLeft() throws Exception {
    one.failsAskingFor(Duration.ofMinutes(1));
    two.says("Hello.");

    reply(SECOND, Duration.ofMinutes(10));

    assertThat(waits).isEmpty();
  }

  @Test
  void nothingIsBegunAfterTheDeadline() {
    one.failsAskingFor(Duration.ofSeconds(20));

    failure(null, Duration.ofSeconds(20));
    assertThat(one.requests).hasSize(1);

    assertThat(failure(null, Duration.ZERO).reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(one.requests).hasSize(1);
  }

  @Test
  void anAttemptHasTheTimeThatIsLeftAndTheFallbackAShare() throws Exception {
    one.takes(Duration.ofSeconds(20)).fails(Reason.REJECTED);
    two.says("Hello.");

    reply(SECOND, Duration.ofSeconds(30));

    assertThat(one.requests.getFirst().timeLimit()).isEqualTo(Duration.ofSeconds(20));
    assertThat(two.requests.getFirst().timeLimit()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void anEmptyReplyIsTriedAgainOnce() throws Exception {
    one.says(" \n").says("Hello.");
    assertThat(reply(null, Duration.ofMinutes(2)).text()).isEqualTo("Hello.");

    one.says("").says("");
    assertThat(failure(null, Duration.ofMinutes(2)).reason()).isEqualTo(Reason.REJECTED);
    assertThat(one.requests).hasSize(4);
  }

  @Test
  void textOfAFailedAttemptIsCalledBack() throws Exception {
    one.saysThenFails("Half").fails(Reason.RETRYABLE).saysThenFails("Hal");
    two.says("Whole.");

    reply(SECOND, Duration.ofMinutes(2));

    assertThat(heard).containsExactly("Half", "<restart>", "Hal", "<restart>", "Whole.");
  }

  @Test
  void anUnknownProviderIsNotConfigured() {
    var request = request(new ModelName("nobody", "m"));

    assertThatThrownBy(() -> models.reply(request, null, START.plusSeconds(9), ReplyListener.NONE))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_CONFIGURED))
        .hasMessageContaining("nobody");
  }

  @Test
  void repliesAndTokensAreCountedByModel() throws Exception {
    one.fails(Reason.RETRYABLE).says("Hello.");

    reply(null, Duration.ofMinutes(2));

    var calls = registry.get("colloquy.model").tag("provider", "one");
    assertThat(calls.tag("model", "m").tag("outcome", "replied").timer().count()).isEqualTo(1);
    assertThat(
            registry
                .get("colloquy.model")
                .tags("provider", "one", "model", "other", "outcome", "retryable")
                .timer()
                .count())
        .isEqualTo(1);
    var tokens = registry.get("colloquy.model.tokens").tag("model", "m");
    assertThat(tokens.tag("direction", "input").counter().count()).isEqualTo(11);
    assertThat(
            registry
                .get("colloquy.model.tokens")
                .tags("model", "m", "direction", "output")
                .counter()
                .count())
        .isEqualTo(7);
  }

  @Test
  void namesThatUsersMakeUpDoNotBecomeLabels() throws Exception {
    for (int i = 0; i < 3 * ModelMetrics.MAX_MODELS; i++) {
      one.says("Hello.");
      models.reply(
          request(new ModelName("one", "m" + i)), null, START.plusSeconds(60), ReplyListener.NONE);
    }

    assertThat(registry.find("colloquy.model").timers()).hasSize(ModelMetrics.MAX_MODELS + 1);
  }

  @Test
  void theTokenBudgetIsTheProvidersOrTheCommonOne() {
    assertThat(models.contextTokens(new ModelName("ollama", "x"))).isEqualTo(4000);
    assertThat(models.contextTokens(FIRST)).isEqualTo(16000);
  }

  @Test
  void theWaitGrowsToTenSecondsAndVaries() {
    assertThat(new Backoff(() -> 0).after(1, null)).isEqualTo(Duration.ofMillis(250));
    assertThat(new Backoff(() -> 1).after(4, null)).isEqualTo(Duration.ofSeconds(4));
    assertThat(new Backoff(() -> 1).after(60, null)).isEqualTo(Duration.ofSeconds(10));
  }

  private ModelReply reply(ModelName fallback, Duration time) throws Exception {
    var listener =
        new ReplyListener() {
          @Override
          public void onText(String piece) {
            heard.add(piece);
          }

          @Override
          public void onRestart() {
            heard.add("<restart>");
          }
        };
    return models.reply(request(FIRST), fallback, now.plus(time), listener);
  }

  private ModelException failure(ModelName fallback, Duration time) {
    return catchThrowableOfType(ModelException.class, () -> reply(fallback, time));
  }

  private static ModelRequest request(ModelName model) {
    return new ModelRequest(
        model,
        "Be kind.",
        List.of(new ModelMessage(Role.USER, "Hi")),
        List.of(),
        null,
        null,
        null,
        null,
        Duration.ofSeconds(60));
  }

  /** Stands still but for the waits and for what attempts are said to take. */
  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
      }
    };
  }

  /** A provider that does what it is told, in that order. */
  private final class Scripted implements ModelProvider {
    private interface Step {
      String run(Consumer<String> onText) throws ModelException;
    }

    private final String name;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final List<ModelRequest> requests = new ArrayList<>();
    private Duration taken = Duration.ZERO;

    Scripted(String name) {
      this.name = name;
    }

    Scripted says(String text) {
      steps.add(onText -> {
        onText.accept(text);
        return text;
      });
      return this;
    }

    Scripted fails(Reason reason) {
      steps.add(onText -> {
        throw new ModelException(reason, "told to");
      });
      return this;
    }

    Scripted saysThenFails(String text) {
      steps.add(onText -> {
        onText.accept(text);
        throw new ModelException(Reason.RETRYABLE, "told to");
      });
      return this;
    }

    Scripted failsAskingFor(Duration patience) {
      steps.add(onText -> {
        throw new ModelException(Reason.RETRYABLE, "told to", patience, null);
      });
      return this;
    }

    Scripted takes(Duration time) {
      taken = time;
      return this;
    }

    @Override
    public Set<String> providers() {
      return Set.of(name);
    }

    @Override
    public ModelReply reply(ModelRequest request, Consumer<String> onText) throws ModelException {
      requests.add(request);
      now = now.plus(taken);
      var text = steps.remove().run(onText);
      return new ModelReply(text, List.of(), List.of(), request.model(), 11, 7);
    }
  }
}

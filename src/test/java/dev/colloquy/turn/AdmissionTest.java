package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.http.ApiException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong now = new AtomicLong();

  @Test
  void oneMoreThanANodeTakesIsRefusedUntilOneEnds() {
    var admission = admission("in-flight", "3");
    var permits = new ArrayList<Admission.Permit>();
    for (int i = 0; i < 3; i++) {
      permits.add(admission.enter(agent()));
    }

    assertThatThrownBy(() -> admission.enter(agent())).isInstanceOf(ApiException.class);
    permits.getFirst().release();

    permits.add(admission.enter(agent()));
    assertThat(admission.inFlight()).isEqualTo(3);
    permits.forEach(Admission.Permit::release);
    permits.forEach(Admission.Permit::release); // giving back twice does nothing
    assertThat(admission.inFlight()).isZero();
    assertThat(meters.get("colloquy.turns.refused").counter().count()).isEqualTo(1);
  }

  @Test
  void anAgentsOwnLimitCountsOnceItIsKnownAndIsForNoOther() {
    var admission = admission("in-flight-per-agent", "5");
    var agent = agent();
    var first = admission.enter(agent);
    first.learn(2);
    var second = admission.enter(agent);

    assertThatThrownBy(() -> admission.enter(agent)).isInstanceOf(ApiException.class);
    admission.enter(agent()).release();
    second.release();
    admission.enter(agent).release();

    first.release();
    assertThat(admission.inFlight()).isZero();
    admission.enter(agent).learn(0);
    for (int i = 1; i < 5; i++) {
      admission.enter(agent);
    }
    assertThatThrownBy(() -> admission.enter(agent)).isInstanceOf(ApiException.class);
  }

  @Test
  void aTurnTakenUpAgainIsCountedButNeverRefused() {
    var admission = admission("in-flight", "1");
    var held = admission.enter(agent());

    var recovered = admission.enterAnyway(agent());

    assertThat(admission.inFlight()).isEqualTo(2);
    assertThatThrownBy(() -> admission.enter(agent())).isInstanceOf(ApiException.class);
    recovered.release();
    held.release();
    assertThat(admission.inFlight()).isZero();
  }

  /** A burst may wait; once somebody always waited for as long as that, waits are cut short. */
  @Test
  void waitsAreLongInABurstAndShortUnderOverload() throws Exception {
    var admission = admission("starting", "1", "burst-wait", "30s", "overload-wait", "20ms");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var blocker = block(admission, threads);
      var burst = threads.submit(() -> admission.start(() -> "done"));
      Awaitility.await().until(() -> admission.waiting() == 1);

      now.addAndGet(Duration.ofSeconds(31).toNanos());
      var start = System.nanoTime();
      assertThatThrownBy(() -> admission.start(() -> "never")).isInstanceOf(ApiException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));

      blocker.release().countDown();
      assertThat(burst.get(10, TimeUnit.SECONDS)).isEqualTo("done");
      blocker.done().get(10, TimeUnit.SECONDS);

      // Nobody waits any more: the next burst may wait again.
      assertThat(admission.start(() -> "at once")).isEqualTo("at once");
      var again = block(admission, threads);
      var waiting = threads.submit(() -> admission.start(() -> "done"));
      Awaitility.await().until(() -> admission.waiting() == 1);
      assertThat(waiting.isDone()).isFalse();
      again.release().countDown();
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("done");
    }
  }

  @Test
  void aFailureGivesItsPlaceBack() throws Exception {
    var admission = admission("starting", "1", "burst-wait", "1ms", "overload-wait", "1ms");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() ->
              admission.start(() -> {
                throw new IllegalStateException("of the work");
              }))
          .hasMessage("of the work");
    }
    assertThat(admission.start(() -> "free")).isEqualTo("free");
  }

  private record Blocker(CountDownLatch release, Future<?> done) {}

  private static Blocker block(Admission admission, ExecutorService threads)
      throws InterruptedException {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var done =
        threads.submit(() ->
            admission.start(() -> {
              entered.countDown();
              try {
                return release.await(30, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }));
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    return new Blocker(release, done);
  }

  private Admission admission(String... settings) {
    return new Admission(TurnConfigs.of(settings), meters, now::get);
  }

  private static AgentId agent() {
    return new AgentId(UUID.randomUUID());
  }
}

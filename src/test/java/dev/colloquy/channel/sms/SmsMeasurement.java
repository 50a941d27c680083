package dev.colloquy.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.testing.FakeTwilio;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How long an SMS takes from the webhook to the answer at the gateway, with a model that answers at
 * once, and how many a server does in a second. Run by hand: {@code ./mvnw test
 * -Dtest=SmsMeasurement}; it writes {@code target/sms-measurement.txt}.
 */
@ServerTest
class SmsMeasurement {
  private static final int WARM_UP = 200;
  private static final int ONE_BY_ONE = 400;
  private static final int AT_ONCE = 1_000;

  @Inject Database database;
  @Inject PublicUrl publicUrl;
  StubModelServer stub;
  private final FakeTwilio twilio = FakeTwilio.start();

  @AfterEach
  void close() {
    stub.reset();
    twilio.close();
  }

  @Test
  void measure() throws IOException, InterruptedException {
    var scene = new SmsScene(twilio, database, publicUrl, Map.of(), Map.of());
    oneByOne(scene, WARM_UP);
    var alone = oneByOne(scene, ONE_BY_ONE);
    var begun = System.nanoTime();
    var loaded = atOnce(scene);
    var lastSent = twilio.taken().getLast().nanos();
    var perSecond = AT_ONCE / ((lastSent - begun) / 1e9);
    var text =
        "one by one, %d: %s%n%d by 16 at once: %s, %.0f messages/s%n"
            .formatted(ONE_BY_ONE, percentiles(alone), AT_ONCE, percentiles(loaded), perSecond);
    Files.writeString(Path.of("target/sms-measurement.txt"), text);
    assertThat(twilio.taken()).hasSize(WARM_UP + ONE_BY_ONE + AT_ONCE);
  }

  private List<Long> oneByOne(SmsScene scene, int times) {
    var latencies = new ArrayList<Long>();
    for (var i = 0; i < times; i++) {
      var person = Unique.phone();
      var before = twilio.taken().size();
      var begun = System.nanoTime();
      scene.receive(twilio.message(person, scene.number, "When do you open?"));
      await()
          .pollInterval(Duration.ofMillis(1))
          .pollDelay(Duration.ZERO)
          .until(() -> twilio.taken().size() > before);
      latencies.add(twilio.taken().getLast().nanos() - begun);
    }
    return latencies;
  }

  private List<Long> atOnce(SmsScene scene) throws InterruptedException {
    var begun = new ConcurrentHashMap<String, Long>();
    var before = twilio.taken().size();
    try (var pool = Executors.newFixedThreadPool(16)) {
      for (var i = 0; i < AT_ONCE; i++) {
        // Each of its own: the same number twice would be one conversation.
        var person = "+1213%07d".formatted(2_000_000 + i);
        pool.execute(() -> {
          begun.put(person, System.nanoTime());
          scene.receive(twilio.message(person, scene.number, "When do you open?"));
        });
      }
    }
    await().atMost(Duration.ofMinutes(3)).until(() -> twilio.taken().size() == before + AT_ONCE);
    var latencies = new ArrayList<Long>();
    var sent = new HashMap<String, Long>();
    twilio.taken().forEach(message -> sent.put(message.field("To"), message.nanos()));
    begun.forEach((person, since) -> latencies.add(sent.get(person) - since));
    return latencies;
  }

  private static String percentiles(List<Long> nanos) {
    var sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms, p99 %.1f ms",
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6);
  }
}

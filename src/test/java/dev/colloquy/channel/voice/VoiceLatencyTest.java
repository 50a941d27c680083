package dev.colloquy.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.FakeVapi;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How long the way is from the model's first piece to the caller's. Not part of the suite: {@code
 * ./mvnw test -Dtest=VoiceLatencyTest -Dvoice.latency=true}.
 */
@ServerTest
@EnabledIfSystemProperty(named = "voice.latency", matches = "true")
class VoiceLatencyTest {
  private static final Logger log = Logger.getLogger(VoiceLatencyTest.class);
  private static final int WARM_UP = 100;
  private static final int MEASURED = 300;

  @Inject Database database;
  StubModelServer stub;

  @Test
  void fromTheModelsFirstPieceToTheCallers() throws Exception {
    var scene = new VoiceScene(database);
    try (var vapi = new FakeVapi()) {
      scene.overVapi(vapi.baseUrl(), Map.of());
      var written = new AtomicLong();
      scene.answers(
          stub,
          _ -> {
            written.set(System.nanoTime());
            return ModelAnswer.reply("One ", "two ", "three.");
          });
      var added = new ArrayList<Double>();
      var whole = new ArrayList<Double>();
      var number = "";
      FakeVapi.Line line = null;
      for (var i = 0; i < WARM_UP + MEASURED; i++) {
        if (i % 20 == 0) {
          number = Unique.phone();
          var conversation = scene.start(number, "Hello.");
          VoiceScene.soon().until(() -> scene.delivery(conversation).equals("sent"));
          line = vapi.line(number);
        }
        var asked = System.nanoTime();
        try (var reply = line.begin("Question " + i)) {
          assertThat(reply.next()).startsWith("One ");
          var heard = System.nanoTime();
          reply.rest();
          line.add("assistant", "One two three.");
          if (i >= WARM_UP) {
            added.add((heard - written.get()) / 1e6);
            whole.add((heard - asked) / 1e6);
          }
        }
      }
      log.infof(
          "model's first piece to the caller's: p50 %.2f ms, p99 %.2f ms; request to first piece:"
              + " p50 %.2f ms, p99 %.2f ms; n=%d",
          at(added, 0.5), at(added, 0.99), at(whole, 0.5), at(whole, 0.99), added.size());
    }
    stub.reset();
  }

  private static double at(List<Double> values, double part) {
    var sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * part)));
  }
}

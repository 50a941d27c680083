package dev.colloquy.model.langchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.model.ModelConfigs;
import dev.colloquy.model.ModelMessage;
import dev.colloquy.model.ModelMessage.Role;
import dev.colloquy.model.ModelName;
import dev.colloquy.model.ModelRequest;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.StubModelServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ProviderHttpTest {
  private static final int CALLS = 1000;

  @Test
  void aThousandCallsAtOnceNeedNoThreadsOfTheirOwn() throws Exception {
    var http = new ProviderHttp();
    try (var server = StubModelServer.start();
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      server.latency(Duration.ofSeconds(2)).withoutRecording();
      var url = server.baseUrl(ModelProtocol.OPENAI);
      var provider = new OpenAiProvider(ModelConfigs.of("openai.base-url", url), http);
      Callable<String> call = () -> provider.reply(request(), piece -> {}).text();
      var threads = ManagementFactory.getThreadMXBean();
      threads.resetPeakThreadCount();
      var before = threads.getThreadCount();

      var replies = callers.invokeAll(Collections.nCopies(CALLS, call));

      for (var reply : replies) {
        assertThat(reply.resultNow()).isEqualTo("Hello.");
      }
      assertThat(threads.getPeakThreadCount() - before).isLessThan(50);
    } finally {
      http.close();
    }
  }

  @Test
  void retryAfterIsReadAsSecondsOrAsADate() {
    var now = Instant.parse("2026-11-23T12:00:00Z");

    assertThat(ProviderErrors.duration(" 12 ", now)).isEqualTo(Duration.ofSeconds(12));
    assertThat(ProviderErrors.duration("Mon, 23 Nov 2026 12:00:30 GMT", now))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(ProviderErrors.duration("Mon, 23 Nov 2026 11:00:00 GMT", now))
        .isEqualTo(Duration.ZERO);
    assertThat(ProviderErrors.duration("soon", now)).isNull();
    assertThat(ProviderErrors.duration("-1", now)).isNull();
  }

  private static ModelRequest request() {
    return new ModelRequest(
        new ModelName("openai", "m"),
        "Be kind.",
        List.of(new ModelMessage(Role.USER, "Hi")),
        List.of(),
        null,
        null,
        null,
        null,
        Duration.ofSeconds(30));
  }
}

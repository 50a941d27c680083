package dev.colloquy.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All streams of a node, on an HTTP server of the test's own, which can be stopped. */
class EventStreamsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EventStreams streams =
      new EventStreams(Duration.ofMinutes(1), Duration.ofMinutes(1), 100, new AtExit(), meters);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int port;

  @BeforeEach
  void start() throws Exception {
    var router = Router.router(vertx);
    router
        .get("/wait")
        .handler(rc ->
            Thread.ofVirtual()
                .start(() ->
                    streams.run(
                        rc,
                        new EventBody(stream -> {
                          while (stream.isOpen()) {
                            stream.await(Duration.ofMinutes(5));
                          }
                        }))));
    streams.start(new StartupEvent());
    port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS)
            .actualPort();
  }

  /** Whatever is stored before a stream is begun must not find the stream refused then. */
  @Test
  void aPlaceThatIsTakenIsThere() {
    var one =
        new EventStreams(Duration.ofMinutes(1), Duration.ofMinutes(1), 1, new AtExit(), meters);
    var place = one.take();

    assertThatThrownBy(one::take).isInstanceOf(ApiException.class);
    place.close();
    place.close();
    var again = one.take();
    assertThatThrownBy(one::take).isInstanceOf(ApiException.class);
    again.close();
  }

  @AfterEach
  void stop() {
    client.shutdownNow(); // close() would wait for streams that do not end
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private HttpResponse<InputStream> open() throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + "/wait");
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
  }

  private double open(SimpleMeterRegistry meters) {
    return meters.get("colloquy.streams.open").gauge().value();
  }

  @Test
  void aStopEndsEveryStreamProperlyAndAtOnceAndThoseThatComeLater() throws Exception {
    var before = open();
    await().atMost(LIMIT).until(() -> open(meters) == 1);

    streams.stop(new ShutdownEvent());

    await().atMost(Duration.ofSeconds(1)).until(() -> open(meters) == 0);
    // A body that is broken off instead of ended is an IOException here.
    assertThat(text(before)).startsWith("retry: ");
    var after = open();
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(text(after)).isEmpty();
  }

  private static String text(HttpResponse<InputStream> answer) throws IOException {
    try (var in = answer.body()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

package dev.colloquy.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.micrometer.core.instrument.MeterRegistry;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Event streams as a reader's socket sees them. The server under test beats every 300 ms and waits
 * three seconds for a reader.
 */
@ServerTest
class EventStreamTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Inject MeterRegistry meters;

  /** One connection. */
  private static final class Reader implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader in;

    Reader(int receiveBuffer) throws IOException {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
      socket.setSoTimeout((int) LIMIT.toMillis());
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    Reader() throws IOException {
      this(0);
    }

    Reader ask(String method, String path, String body) throws IOException {
      var head =
          "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(method, path, body.length(), body);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    Reader get(String path) throws IOException {
      return ask("GET", path, "");
    }

    List<String> head() throws IOException {
      var lines = new ArrayList<String>();
      for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      return lines;
    }

    /** The next chunk; empty: the end of the response. */
    String chunk() throws IOException {
      var line = in.readLine();
      if (line == null) {
        throw new IOException("cut off");
      }
      var chunk = new char[Integer.parseInt(line, 16)];
      for (var at = 0; at < chunk.length; ) {
        var read = in.read(chunk, at, chunk.length - at);
        if (read < 0) {
          throw new IOException("cut off");
        }
        at += read;
      }
      assertThat(in.readLine()).isEmpty();
      return new String(chunk);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String path(String operation, String name) {
    return "/testing/stream/" + operation + "?name=" + name;
  }

  private static String unique() {
    return UUID.randomUUID().toString();
  }

  private static void awaitEnd(String name, String how) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(StreamResource.ENDED.get(name)).isEqualTo(how));
  }

  @Test
  void aStreamHasItsHeadersItsEventsAndAnEndAndTheConnectionLivesOn() throws IOException {
    try (var reader = new Reader()) {
      for (var round = 0; round < 2; round++) {
        reader.get(path("count", unique()) + "&events=2&letters=3");
        assertThat(reader.head())
            .contains(
                "HTTP/1.1 200 OK",
                "Content-Type: text/event-stream;charset=UTF-8",
                "Cache-Control: no-store",
                "X-Accel-Buffering: no")
            .anyMatch(line -> line.startsWith("X-Request-Id: "));
        assertThat(reader.chunk()).matches("retry: [1-3]\\d{3}\n\n");
        assertThat(reader.chunk()).isEqualTo("id: 0\nevent: counted\ndata: xxx\n\n");
        assertThat(reader.chunk()).isEqualTo("id: 1\nevent: counted\ndata: xxx\n\n");
        assertThat(reader.chunk()).isEmpty();
      }
      reader.get("/health/live");
      assertThat(reader.head()).contains("HTTP/1.1 200 OK");
    }
  }

  @Test
  void aPostIsAnsweredWithAStreamToo() throws IOException {
    try (var reader = new Reader().ask("POST", "/testing/stream/echo", "one\ntwo")) {
      assertThat(reader.head()).contains("HTTP/1.1 200 OK");
      reader.chunk();
      assertThat(reader.chunk()).isEqualTo("event: echo\ndata: one\ndata: two\n\n");
      assertThat(reader.chunk()).isEmpty();
    }
  }

  @Test
  void whatIsRefusedBeforeTheStreamIsAnOrdinaryAnswer() throws IOException {
    try (var reader = new Reader().get("/testing/stream/count")) {
      assertThat(reader.head())
          .contains("HTTP/1.1 400 Bad Request")
          .anyMatch(line -> line.startsWith("Content-Type: application/json"));
    }
  }

  @Test
  void aHeadRequestDoesNotStream() throws IOException {
    try (var reader = new Reader().ask("HEAD", path("wait", unique()), "")) {
      assertThat(reader.head().getFirst()).startsWith("HTTP/1.1 20");
      reader.get("/health/live");
      assertThat(reader.head()).contains("HTTP/1.1 200 OK");
    }
  }

  @Test
  void aWaitingStreamIsWokenAndBeatsMeanwhile() throws IOException {
    var name = unique();
    try (var reader = new Reader().get(path("wait", name))) {
      reader.head();
      reader.chunk();
      assertThat(reader.chunk()).isEqualTo(":\n\n");
      StreamResource.WAITING.get(name).wake();
      var chunk = reader.chunk();
      while (chunk.equals(":\n\n")) {
        chunk = reader.chunk();
      }
      assertThat(chunk).isEqualTo("id: 0\nevent: woken\ndata: {}\n\n");
      assertThat(reader.chunk()).isEqualTo(":\n\n");
    }
    awaitEnd(name, "GONE");
  }

  @Test
  void aReaderThatGoesEndsTheWaitAtOnce() throws IOException {
    var name = unique();
    try (var reader = new Reader().get(path("wait", name))) {
      reader.head();
      await().atMost(LIMIT).until(() -> StreamResource.WAITING.containsKey(name));
    }
    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> "GONE".equals(StreamResource.ENDED.get(name)));
    assertThat(StreamResource.WAITING.get(name).isOpen()).isFalse();
  }

  @Test
  void aReaderThatDoesNotReadIsCutOffAndNothingIsGatheredForIt() throws IOException {
    var name = unique();
    var letters = 1_000_000;
    var before = meters.counter("colloquy.streams.cut.off").count();
    try (var reader =
        new Reader(8192).get(path("count", name) + "&events=500&letters=" + letters)) {
      awaitEnd(name, "SLOW");
      // What the operating system takes, and one event.
      assertThat(StreamResource.SENT.get(name).get()).isLessThan(20);
      await()
          .atMost(LIMIT)
          .until(() -> meters.counter("colloquy.streams.cut.off").count() == before + 1);
      reader.head();
      // The event that was under way is not finished for it.
      assertThat(chunksUntilCutOff(reader)).isEqualTo(1 + StreamResource.SENT.get(name).get());
    }
  }

  private static int chunksUntilCutOff(Reader reader) {
    for (var chunks = 0; ; chunks++) {
      try {
        assertThat(reader.chunk()).isNotEmpty();
      } catch (IOException e) {
        return chunks;
      }
    }
  }

  @Test
  void aSlowReaderWhoReadsInTimeGetsEverything() throws IOException {
    var name = unique();
    try (var reader = new Reader(8192).get(path("count", name) + "&events=30&letters=1000000")) {
      reader.head();
      reader.chunk();
      for (var i = 0; i < 30; i++) {
        assertThat(reader.chunk()).startsWith("id: " + i + "\n");
      }
      assertThat(reader.chunk()).isEmpty();
    }
    awaitEnd(name, "finished");
  }

  @Test
  void aFaultBreaksTheConnectionOff() throws IOException {
    try (var reader = new Reader().get("/testing/stream/fail")) {
      reader.head();
      reader.chunk();
      assertThat(reader.chunk()).contains("first");
      assertThat(reader.in.readLine()).isNull();
    }
  }

  private static void aMessageWhoseReplyCannotBeStreamedIsNotStored() {
    var agent = Api.newAgent();
    var messages = "/external/conversations/" + agent.newConversation() + "/messages";
    agent
        .request()
        .header("Accept", "text/event-stream")
        .contentType(ContentType.JSON)
        .body(Map.of("message", "Hi"))
        .post(messages)
        .then()
        .statusCode(429);
    assertThat(agent.get(messages).jsonPath().getList("messages")).isEmpty();
  }

  @Test
  void oneStreamTooManyIsRefusedUntilAnotherEnds() throws IOException {
    var name = unique();
    var readers = new ArrayList<Reader>();
    try {
      var head = List.of("HTTP/1.1 200 OK");
      for (var i = 0; head.contains("HTTP/1.1 200 OK") && i < 1_000; i++) {
        var reader = new Reader().get(path("wait", name + "-" + i));
        readers.add(reader);
        head = reader.head();
      }
      assertThat(readers.size()).as("the test's limit is 300").isBetween(200, 301);
      assertThat(head)
          .contains("HTTP/1.1 429 Too Many Requests", "Retry-After: 5")
          .anyMatch(line -> line.startsWith("Content-Type: application/json"));
      aMessageWhoseReplyCannotBeStreamedIsNotStored();
      readers.getFirst().close();
      await()
          .atMost(LIMIT)
          .until(() -> {
            try (var again = new Reader().get(path("count", unique()) + "&events=1")) {
              return again.head().contains("HTTP/1.1 200 OK");
            }
          });
    } finally {
      for (var reader : readers) {
        reader.close();
      }
    }
    awaitEnd(name + "-1", "GONE");
  }
}

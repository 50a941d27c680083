package dev.colloquy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.apikey.KeyKind;
import io.restassured.RestAssured;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/** Reads a stream of events as browsers do (WHATWG HTML, section 9.2). For one thread. */
public final class EventClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final BufferedReader lines;

  /**
   * An event as it came over the wire.
   *
   * @param id null where it has none
   */
  public record Received(String id, String type, JsonNode data) {}

  private EventClient(HttpRequest request) throws IOException, InterruptedException {
    var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  /**
   * Opens a stream.
   *
   * @param lastEventId null to begin where the path says
   */
  public static EventClient get(Api caller, String path, String lastEventId) throws Exception {
    var request = request(caller, path);
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    return new EventClient(request.build());
  }

  /** Sends a body, and reads the stream that answers it. */
  public static EventClient post(Api caller, String path, Object body) throws Exception {
    return new EventClient(
        request(caller, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  /** A request that accepts nothing but a stream of events. */
  public static HttpRequest.Builder request(Api caller, String path) {
    var port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    var uri = URI.create("http://127.0.0.1:" + (port == 0 ? RestAssured.port : port) + path);
    return HttpRequest.newBuilder(uri)
        .header("Accept", "text/event-stream")
        .header(KeyKind.AGENT_HEADER, caller.key());
  }

  public List<Received> next(int count) throws IOException {
    var events = new ArrayList<Received>();
    while (events.size() < count) {
      events.add(next());
    }
    return events;
  }

  public Received next() throws IOException {
    String id = null;
    String type = null;
    var data = new StringBuilder();
    while (true) {
      var line = lines.readLine();
      assertThat(line).as("the stream goes on").isNotNull();
      if (line.isEmpty() && type != null) {
        return new Received(id, type, JSON.readTree(data.toString()));
      }
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data.append(line.substring(6));
      }
    }
  }

  /** Whether the stream is over, but for what says nothing. */
  public boolean ended() throws IOException {
    String line;
    do {
      line = lines.readLine();
    } while (line != null && (line.isEmpty() || line.startsWith(":")));
    return line == null;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

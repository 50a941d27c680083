package dev.colloquy.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.apikey.KeyKind;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.RestAssured;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Feeds as streams of events. */
@ServerTest
@Timeout(60)
class EventStreamResourceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Api agent;
  private String conversation;

  @BeforeEach
  void make() {
    agent = Api.newAgent();
    conversation = agent.newConversation();
  }

  private String path() {
    return "/external/conversations/" + conversation + "/events";
  }

  /** An event as it came over the wire. */
  private record Received(String id, String type, JsonNode data) {}

  @Test
  void aStreamSaysWhatThePagesSayAndThenWhatHappens() throws Exception {
    agent.send(conversation, "one").then().statusCode(201);
    for (var feed : List.of(path(), "/external/events")) {
      var pages = agent.get(feed);
      try (var stream = open(feed, null)) {
        assertThat(stream.next(3))
            .extracting(Received::id)
            .isEqualTo(pages.jsonPath().getList("data.id"));
        agent.put("/external/conversations/" + conversation + "/mode", mode("manual"));
        assertThat(stream.next().type()).isEqualTo("mode.changed");
        agent.send(conversation, "two").then().statusCode(201);
        var message = stream.next();
        assertThat(message.type()).isEqualTo("message.created");
        assertThat(message.data().at("/data/message").asText()).isEqualTo("two");
        assertThat(message.data().path("id").asText()).isEqualTo(message.id());
      }
      conversation = agent.newConversation();
      agent = Api.newAgent();
      conversation = agent.newConversation();
      agent.send(conversation, "one").then().statusCode(201);
    }
  }

  private static Map<String, String> mode(String mode) {
    return Map.of("mode", mode);
  }

  @Test
  void aReaderThatComesBackGoesOnAfterItsLastEvent() throws Exception {
    agent.send(conversation, "one").then().statusCode(201);
    for (var feed : List.of(path(), "/external/events")) {
      var ids = agent.get(feed).jsonPath().<String>getList("data.id");
      String last;
      try (var stream = open(feed, null)) {
        last = stream.next(2).getLast().id();
      }
      // The header wins over the query, which a reader that reconnects sends again.
      var query = feed.startsWith("/external/events") ? "?cursor=" + ids.getFirst() : "?after=0";
      try (var stream = open(feed + query, last)) {
        assertThat(stream.next().id()).isEqualTo(ids.get(2));
      }
    }
  }

  @Test
  void theStreamOfAConversationEndsWithItsDeletion() throws Exception {
    try (var stream = open(path(), null)) {
      assertThat(stream.next().type()).isEqualTo("conversation.created");
      agent.delete("/external/conversations/" + conversation).then().statusCode(204);
      assertThat(stream.next().type()).isEqualTo("conversation.deleted");
      assertThat(stream.ended()).isTrue();
    }
  }

  @Test
  void whatIsRefusedIsRefusedBeforeTheStream() throws Exception {
    var neighbour = Api.newAgent();
    assertThat(status(neighbour, path(), null)).isEqualTo(404);
    assertThat(status(agent, path(), "x")).isEqualTo(400);
    assertThat(status(agent, path() + "?after=x", null)).isEqualTo(400);
    assertThat(status(agent, "/external/events", "17")).isEqualTo(400);
    assertThat(status(agent, "/external/events?cursor=x", null)).isEqualTo(400);
    assertThat(status(Api.agent("cq_agent_nobody-has-this"), path(), null)).isEqualTo(403);
  }

  private static int status(Api caller, String path, String lastEventId) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(request(caller, path, lastEventId), HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }
  }

  private static HttpRequest request(Api caller, String path, String lastEventId) {
    var port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    var uri = URI.create("http://127.0.0.1:" + (port == 0 ? RestAssured.port : port) + path);
    var request =
        HttpRequest.newBuilder(uri)
            .header("Accept", "text/event-stream")
            .header(KeyKind.AGENT_HEADER, caller.key());
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    return request.build();
  }

  private Reader open(String path, String lastEventId) throws Exception {
    return new Reader(request(agent, path, lastEventId));
  }

  /** Reads a stream as browsers do (WHATWG HTML, section 9.2). */
  private static final class Reader implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final BufferedReader lines;

    Reader(HttpRequest request) throws IOException, InterruptedException {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
      InputStream body = answer.body();
      lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    List<Received> next(int count) throws IOException {
      var events = new ArrayList<Received>();
      while (events.size() < count) {
        events.add(next());
      }
      return events;
    }

    Received next() throws IOException {
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

    boolean ended() throws IOException {
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
}

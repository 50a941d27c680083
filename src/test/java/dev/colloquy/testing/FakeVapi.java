package dev.colloquy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Vapi, as its documentation describes it (docs.vapi.ai: "Create Call", "Custom LLM", "Server
 * events"): takes calls over its API, and carries them on as Vapi does, asking for completions and
 * telling what happens.
 */
public final class FakeVapi implements AutoCloseable {
  public static final String API_KEY = "the-private-key";
  public static final String SECRET = "the-server-secret";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> FIELDS =
      Set.of("phoneNumberId", "customer", "assistant", "assistantId", "assistantOverrides");

  private final FakeCallService service = new FakeCallService(this::check);
  private final List<Placed> placed = new CopyOnWriteArrayList<>();

  /** A call that was placed over the API. */
  public record Placed(String id, JsonNode body) {}

  public String baseUrl() {
    return service.baseUrl();
  }

  /** The next request is answered with this status. */
  public FakeVapi refuse(int status, String retryAfter) {
    service.next(new FakeCallService.Answer.Status(status, retryAfter));
    return this;
  }

  /** The next call is placed, and the connection closed before that is answered. */
  public FakeVapi drop() {
    service.next(new FakeCallService.Answer.Drop());
    return this;
  }

  /** The next call is placed, and the answer makes no sense. */
  public FakeVapi nonsense() {
    service.next(new FakeCallService.Answer.Nonsense());
    return this;
  }

  public List<Placed> placed() {
    return List.copyOf(placed);
  }

  /** The call to this number, carried on by Vapi. */
  public Line line(String number) {
    var call =
        placed.stream()
            .filter(p -> p.body().at("/customer/number").asText().equals(number))
            .toList()
            .getLast();
    var body = call.body();
    return new Line(
        call.id(),
        body.has("assistant") ? body.path("assistant") : body.path("assistantOverrides"));
  }

  private FakeCallService.Checked check(FakeCallService.Asked asked) {
    if (!asked.authorization().equals("Bearer " + API_KEY)) {
      return new FakeCallService.Checked(401, "{\"message\":\"Invalid Key.\"}");
    }
    var body = tree(asked.body());
    var names = new ArrayList<String>();
    body.properties().forEach(p -> names.add(p.getKey()));
    var isRight =
        asked.path().equals("/call")
            && FIELDS.containsAll(names)
            && body.path("phoneNumberId").isTextual()
            && body.at("/customer/number").asText().matches("\\+[1-9][0-9]{6,14}")
            && body.has("assistant") != body.has("assistantId");
    if (!isRight) {
      return new FakeCallService.Checked(400, "{\"message\":\"bad request\"}");
    }
    var call = new Placed("call-" + UUID.randomUUID(), body);
    placed.add(call);
    return new FakeCallService.Checked(201, "{\"id\":\"" + call.id() + "\",\"status\":\"queued\"}");
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    service.close();
  }

  /** A call as Vapi carries it on. */
  public static final class Line {
    private final String id;
    private final JsonNode assistant;
    private final ArrayNode history = JSON.createArrayNode();
    private final HttpClient http = HttpClient.newHttpClient();

    /** A call with the assistant that speaks in it. */
    public Line(String id, JsonNode assistant) {
      this.id = id;
      this.assistant = assistant;
      assertThat(assistant.at("/model/provider").asText()).isEqualTo("custom-llm");
      if (assistant.has("firstMessage")) {
        add("assistant", assistant.path("firstMessage").asText());
      }
    }

    public String id() {
      return id;
    }

    public JsonNode assistant() {
      return assistant;
    }

    /** Below which completions are asked for. */
    public String model() {
      return assistant.at("/model/url").asText();
    }

    public void add(String role, String content) {
      history.addObject().put("role", role).put("content", content);
    }

    /** The body of a request with what was said so far. */
    public ObjectNode body(boolean isStreamed) {
      var body = JSON.createObjectNode();
      body.put("model", "colloquy").put("stream", isStreamed).put("temperature", 0.5);
      body.set("messages", history.deepCopy());
      body.putObject("call").put("id", id);
      return body;
    }

    /** The caller says something, and hears the whole reply. */
    public String say(String text) throws Exception {
      try (var reply = begin(text)) {
        var heard = reply.rest();
        if (!heard.isEmpty()) {
          add("assistant", heard);
        }
        return heard;
      }
    }

    /** The caller says something; the reply is read as it comes. */
    public Reply begin(String text) throws Exception {
      add("user", text);
      return ask();
    }

    /** Asks for what was said last, as also a retry does. */
    public Reply ask() throws Exception {
      return new Reply(
          http.sendAsync(request(body(true)), HttpResponse.BodyHandlers.ofInputStream()).get());
    }

    public HttpRequest request(JsonNode body) {
      return post(model() + "/chat/completions", body.toString(), Map.of());
    }

    /** Asks with any body. */
    public HttpResponse<String> complete(String body) throws Exception {
      return http.send(
          post(model() + "/chat/completions", body, Map.of()),
          HttpResponse.BodyHandlers.ofString());
    }

    /** Tells of the call; the answer's status. */
    public int tell(String type, Map<String, ?> fields) throws Exception {
      var body = JSON.createObjectNode();
      var message =
          body.putObject("message").put("type", type).put("timestamp", 1_764_000_000_000L);
      message.putObject("call").put("id", id).put("type", "outboundPhoneCall");
      fields.forEach((name, value) -> message.set(name, JSON.valueToTree(value)));
      return tellRaw(body.toString());
    }

    public int tellRaw(String body) throws Exception {
      return http.send(
              post(assistant.at("/server/url").asText(), body, headers()),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }

    private Map<String, String> headers() {
      var headers = new java.util.HashMap<String, String>();
      assistant
          .at("/server/headers")
          .properties()
          .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
      return headers;
    }

    /** A status of the call. */
    public int status(String status, String endedReason) throws Exception {
      return tell(
          "status-update",
          endedReason == null
              ? Map.of("status", status)
              : Map.of("status", status, "endedReason", endedReason));
    }

    private static HttpRequest post(String address, String body, Map<String, String> headers) {
      var request =
          HttpRequest.newBuilder(FakeCallService.ours(address))
              // As the client does that Vapi asks with, also where it wants a stream.
              .header("Accept", "application/json")
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body));
      headers.forEach(request::header);
      return request.build();
    }
  }

  /** A reply that is being made. For one thread. */
  public static final class Reply implements AutoCloseable {
    private final HttpResponse<java.io.InputStream> answer;
    private final BufferedReader lines;
    private boolean done;

    private Reply(HttpResponse<java.io.InputStream> answer) {
      this.answer = answer;
      lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
    }

    /** The next piece of text; null where the reply is over. */
    public String next() throws IOException {
      while (true) {
        var line = lines.readLine();
        if (line == null) {
          return null;
        }
        if (line.isEmpty() || line.startsWith(":")) {
          continue;
        }
        assertThat(line).startsWith("data: ");
        if (line.equals("data: [DONE]")) {
          done = true;
          return null;
        }
        var chunk = tree(line.substring(6));
        assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
        var content = chunk.at("/choices/0/delta/content").asText("");
        if (!content.isEmpty()) {
          return content;
        }
      }
    }

    /** All that is still to come; the stream must end as it should. */
    public String rest() throws IOException {
      var text = new StringBuilder();
      for (var piece = next(); piece != null; piece = next()) {
        text.append(piece);
      }
      assertThat(done).as("the stream ended as it should").isTrue();
      return text.toString();
    }

    /** The caller interrupts, or hangs up: the connection is closed. */
    @Override
    public void close() throws IOException {
      answer.body().close();
    }
  }
}

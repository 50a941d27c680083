package dev.colloquy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.channel.Form;
import dev.colloquy.channel.TwilioSignature;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Twilio, as its documentation describes it: the Calls API, its signed webhooks, and
 * ConversationRelay's side of a call.
 */
public final class FakeRelay implements AutoCloseable {
  public static final String ACCOUNT = "AC0123456789abcdef0123456789abcdef";
  public static final String TOKEN = "the-auth-token";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FakeCallService service = new FakeCallService(this::check);
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Placed> placed = new CopyOnWriteArrayList<>();

  /** A call that was placed over the API. */
  public record Placed(String sid, Form form) {}

  public String baseUrl() {
    return service.baseUrl();
  }

  public FakeRelay refuse(int status, String retryAfter) {
    service.next(new FakeCallService.Answer.Status(status, retryAfter));
    return this;
  }

  public FakeRelay drop() {
    service.next(new FakeCallService.Answer.Drop());
    return this;
  }

  public List<Placed> placed() {
    return List.copyOf(placed);
  }

  public Placed placed(String number) {
    return placed.stream().filter(p -> p.form().text("To").equals(number)).toList().getLast();
  }

  private FakeCallService.Checked check(FakeCallService.Asked asked) {
    var login = ACCOUNT + ":" + TOKEN;
    var basic = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    if (!asked.authorization().equals("Basic " + basic)) {
      return new FakeCallService.Checked(401, "{\"code\":20003}");
    }
    var form = Form.parse(asked.body());
    var isRight =
        asked.path().equals("/2010-04-01/Accounts/" + ACCOUNT + "/Calls.json")
            && form.text("To").matches("\\+[1-9][0-9]{6,14}")
            && form.text("From").matches("\\+[1-9][0-9]{6,14}")
            && form.text("Url").startsWith("http")
            && form.text("StatusCallback").startsWith("http");
    if (!isRight) {
      return new FakeCallService.Checked(400, "{\"code\":21211}");
    }
    var sid = "CA" + UUID.randomUUID().toString().replace("-", "");
    placed.add(new Placed(sid, form));
    return new FakeCallService.Checked(201, "{\"sid\":\"" + sid + "\",\"status\":\"queued\"}");
  }

  /** Posts a signed webhook to an address as the server gave it. */
  public HttpResponse<String> post(String address, Map<String, String> fields) throws Exception {
    var body = Form.write(fields);
    return post(address, body, TwilioSignature.of(TOKEN, address, Form.parse(body)));
  }

  public HttpResponse<String> post(String address, String body, String signature) throws Exception {
    return http.send(
        HttpRequest.newBuilder(FakeCallService.ours(address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Twilio-Signature", signature)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The value of an attribute of the markup, as an XML reader gives it. */
  public static String attribute(String markup, String name) {
    var matcher = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(markup);
    assertThat(matcher.find()).as(name + " in " + markup).isTrue();
    return matcher
        .group(1)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#10;", "\n")
        .replace("&amp;", "&");
  }

  /** Opens the relay's connection. */
  public Session open(String address) throws Exception {
    return open(address, TwilioSignature.of(TOKEN, address, Form.parse("")));
  }

  public Session open(String address, String signature) throws Exception {
    var session = new Session();
    session.socket =
        http.newWebSocketBuilder()
            .header("X-Twilio-Signature", signature)
            .buildAsync(FakeCallService.ours(address), session)
            .get(10, TimeUnit.SECONDS);
    return session;
  }

  @Override
  public void close() {
    service.close();
  }

  /** One connection of the relay. */
  public static final class Session implements WebSocket.Listener, AutoCloseable {
    private final LinkedBlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private final java.util.concurrent.CompletableFuture<Integer> closed =
        new java.util.concurrent.CompletableFuture<>();
    private WebSocket socket;

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        try {
          messages.add(JSON.readTree(part.toString()));
        } catch (JsonProcessingException e) {
          throw new AssertionError(e);
        }
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.complete(1006);
    }

    public void setUp(String callSid) {
      send(
          Map.of(
              "type",
              "setup",
              "sessionId",
              "VX" + UUID.randomUUID().toString().replace("-", ""),
              "callSid",
              callSid,
              "direction",
              "inbound"));
    }

    public void prompt(String text) {
      send(Map.of("type", "prompt", "voicePrompt", text, "lang", "en-US", "last", true));
    }

    public void interrupt(String heard) {
      send(
          Map.of(
              "type",
              "interrupt",
              "utteranceUntilInterrupt",
              heard,
              "durationUntilInterruptMs",
              460));
    }

    public void send(Map<String, ?> message) {
      try {
        sendRaw(JSON.writeValueAsString(message));
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }

    public void sendRaw(String text) {
      socket.sendText(text, true).join();
    }

    /** The next message for the relay, or a failure. */
    public JsonNode next() throws InterruptedException {
      var message = messages.poll(20, TimeUnit.SECONDS);
      assertThat(message).as("something is said").isNotNull();
      assertThat(message.path("type").asText()).isEqualTo("text");
      return message;
    }

    /** All that is said until it is the last of it. */
    public String heard() throws InterruptedException {
      var text = new StringBuilder();
      while (true) {
        var message = next();
        text.append(message.path("token").asText());
        if (message.path("last").asBoolean()) {
          return text.toString();
        }
      }
    }

    public boolean isSilent() {
      return messages.isEmpty();
    }

    /** The code with which the server closed. */
    public int closed() throws Exception {
      return closed.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
      socket.abort();
    }
  }
}

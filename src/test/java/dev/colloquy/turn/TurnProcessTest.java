package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.ServerProcess;
import dev.colloquy.testing.StubModelServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turns of a server that is killed or stopped, and what it writes to its log. */
class TurnProcessTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String KEY = "cq_agent_" + UUID.randomUUID();
  private static final String ORGANIZATION_KEY = "cq_org_" + UUID.randomUUID();
  private static final String MODEL_KEY = "sk-" + UUID.randomUUID();

  private final StubModelServer stub = StubModelServer.start();

  @TempDir Path dir;

  @AfterEach
  void close() {
    stub.close();
  }

  @Test
  void invariant1AQuestionSurvivesAKilledServerAndIsAnsweredByTheNext() throws Exception {
    stub.always(_ -> new ModelAnswer.Silence());
    String conversation;
    try (var server = server().startReady()) {
      conversation = newConversation(server);
      var waiting = sendLater(server, conversation, "Anybody there?");
      await().atMost(Duration.ofSeconds(20)).until(() -> stub.requests().size() == 1);

      server.kill();

      assertThat(waiting).failsWithin(Duration.ofSeconds(20));
      try (var database = server.connect()) {
        assertThat(texts(database)).containsExactly("Anybody there?");
      }
    }
    stub.always(_ -> ModelAnswer.reply("Here again."));
    try (var server = server().startReady()) {
      awaitReplies(server, conversation, "Here again.");
    }
  }

  @Test
  void aServerThatIsStoppedEndsShortTurnsAndLeavesLongOnesToTheNext() throws Exception {
    var release = new CountDownLatch(1);
    stub.always(request -> {
      if (!Scene.question(request).equals("short")) {
        return new ModelAnswer.Silence();
      }
      wait(release);
      return ModelAnswer.reply("Just in time.");
    });
    String brief;
    String lengthy;
    String waited;
    try (var server = server().startReady()) {
      brief = newConversation(server);
      lengthy = newConversation(server);
      waited = newConversation(server);
      assertThat(sendAsync(server, brief, "short").statusCode()).isEqualTo(201);
      assertThat(sendAsync(server, lengthy, "long").statusCode()).isEqualTo(201);
      var waiting = sendLater(server, waited, "long and waited for");
      var streamed = streamLater(server, newConversation(server), "long and streamed");
      await().atMost(Duration.ofSeconds(20)).until(() -> stub.requests().size() == 4);
      var polling =
          getLater(server, "/external/conversations/" + lengthy + "/events?after=1&wait=30");

      var start = System.nanoTime();
      var stopping = CompletableFuture.supplyAsync(() -> stop(server));
      release.countDown();
      assertThat(stopping.get(30, TimeUnit.SECONDS)).isIn(0, 143);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      assertThat(waiting.get().statusCode()).isEqualTo(503);
      assertThat(waiting.get().body()).contains("\"conversationMessageId\"");
      assertThat(streamed.get().body()).contains("event: turn.pending").endsWith("\n\n");
      assertThat(polling.get().statusCode()).isEqualTo(200);
      // A caller who is answered when the event loop has ended is told of by Vert.x, not by us.
      assertThat(server.stdout() + server.stderr()).doesNotContain("event=turn-");
    }
    stub.always(_ -> ModelAnswer.reply("After the stop."));
    try (var server = server().startReady()) {
      assertThat(replies(server, brief)).containsExactly("Just in time.");
      awaitReplies(server, lengthy, "After the stop.");
      awaitReplies(server, waited, "After the stop.");
    }
  }

  @Test
  void invariant9NeitherKeysNorMessagesAreLoggedOrReadable() throws Exception {
    var secret = "secret-" + UUID.randomUUID();
    try (var server =
        server()
            .with("colloquy.model.timeout", "1s")
            .with("colloquy.model.attempts", "1")
            .startReady()) {
      var conversation = newConversation(server);
      assertThat(send(server, conversation, secret).statusCode()).isEqualTo(201);
      stub.always(_ -> ModelAnswer.status(500, "{\"error\":{\"message\":\"" + secret + "\"}}"));
      assertThat(send(server, conversation, secret).statusCode()).isEqualTo(502);
      stub.always(_ -> ModelAnswer.status(401, secret));
      assertThat(send(server, conversation, secret).statusCode()).isEqualTo(503);
      stub.always(_ -> new ModelAnswer.Silence());
      var timedOut = send(server, conversation, secret);
      assertThat(timedOut.statusCode()).isEqualTo(502);
      assertThat(timedOut.body()).contains("in time");
      stub.always(_ -> ModelAnswer.reply("Yes. " + secret));
      badRequests(server, conversation, secret);
      databaseErrors(server, conversation, secret);
      assertThat(send(server, conversation, secret).statusCode()).isEqualTo(201);

      var log = server.stdout() + server.stderr();
      assertThat(log).contains("event=turn-failed");
      assertThat(log).doesNotContain(secret, KEY, ORGANIZATION_KEY, MODEL_KEY);
      try (var database = server.connect()) {
        for (var key : List.of(KEY, ORGANIZATION_KEY, MODEL_KEY)) {
          assertThat(columnsThatHold(database, key)).isEmpty();
        }
        assertThat(columnsThatHold(database, secret)).containsExactly("message.text");
      }
    }
  }

  private void badRequests(ServerProcess server, String conversation, String secret)
      throws Exception {
    var path = "/external/conversations/" + conversation + "/messages";
    for (var body :
        List.of(
            "{\"message\":\"" + secret,
            "{\"message\":{\"" + secret + "\":1}}",
            "{\"" + secret + "\":\"" + secret + "\"}",
            "{\"message\":\"" + secret + "\",\"message\":\"" + secret + "\"}",
            "[\"" + secret + "\"]")) {
      assertThat(post(server, path, body).statusCode()).isEqualTo(400);
    }
    var request =
        HttpRequest.newBuilder(server.url().resolve(path))
            .header("Agent-Secret-Key", secret)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"message\":\"" + secret + "\"}"))
            .build();
    assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isIn(401, 403);
  }

  /** A constraint that only this text breaks: PostgreSQL's own message holds the row. */
  private void databaseErrors(ServerProcess server, String conversation, String secret)
      throws Exception {
    try (var database = server.connect();
        var statement = database.createStatement()) {
      statement.execute(
          "alter table message add constraint never check (text <> 'refused " + secret + "')");
    }
    assertThat(send(server, conversation, "refused " + secret).statusCode()).isEqualTo(500);
    try (var database = server.connect();
        var statement = database.createStatement()) {
      statement.execute("alter table message drop constraint never");
    }
  }

  private static List<String> columnsThatHold(Connection database, String text) throws Exception {
    var found = new ArrayList<String>();
    try (var statement = database.createStatement();
        var columns =
            statement.executeQuery(
                """
                select table_name, column_name from information_schema.columns
                where table_schema = 'public'
                  and data_type in ('text', 'jsonb', 'ARRAY', 'bytea', 'character varying')
                """);
        var search = database.createStatement()) {
      while (columns.next()) {
        var table = columns.getString(1);
        var column = columns.getString(2);
        var rows =
            search.executeQuery(
                "select count(*) from %s where strpos(cast(%s as text), '%s') > 0"
                        .formatted(table, column, text)
                    + " or strpos(cast(%s as text), encode('%s', 'hex')) > 0"
                        .formatted(column, text));
        rows.next();
        if (rows.getLong(1) > 0) {
          found.add(table + "." + column);
        }
      }
    }
    return found;
  }

  private ServerProcess.Builder server() {
    return ServerProcess.over(dir.resolve("data"))
        .with("colloquy.bootstrap.agent-key", KEY)
        .with("colloquy.bootstrap.organization-key", ORGANIZATION_KEY)
        .with("colloquy.model.default", "openai:stub")
        .with("colloquy.model.openai.base-url", stub.baseUrl(ModelProtocol.OPENAI))
        .with("colloquy.model.openai.api-key", MODEL_KEY);
  }

  private static int stop(ServerProcess server) {
    try {
      return server.stop();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void wait(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String newConversation(ServerProcess server) throws Exception {
    var user =
        post(
            server,
            "/external/users",
            "{\"firstName\":\"Grace\",\"lastName\":\"Hopper\",\"fkId\":\"%s\"}"
                .formatted(UUID.randomUUID()));
    var conversation =
        post(
            server,
            "/external/conversations",
            "{\"conversationUserId\":\"%s\"}".formatted(read(user).path("id").asText()));
    assertThat(conversation.statusCode()).isEqualTo(201);
    return read(conversation).path("id").asText();
  }

  private static HttpResponse<String> send(
      ServerProcess server, String conversation, String message) throws Exception {
    return sendLater(server, conversation, message).get(60, TimeUnit.SECONDS);
  }

  private static CompletableFuture<HttpResponse<String>> sendLater(
      ServerProcess server, String conversation, String message) {
    return CLIENT.sendAsync(
        request(server, "/external/conversations/" + conversation + "/messages")
            .POST(HttpRequest.BodyPublishers.ofString("{\"message\":\"" + message + "\"}"))
            .build(),
        BodyHandlers.ofString());
  }

  private static CompletableFuture<HttpResponse<String>> streamLater(
      ServerProcess server, String conversation, String message) {
    return CLIENT.sendAsync(
        request(server, "/external/conversations/" + conversation + "/messages")
            .header("Accept", "text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString("{\"message\":\"" + message + "\"}"))
            .build(),
        BodyHandlers.ofString());
  }

  private static CompletableFuture<HttpResponse<String>> getLater(
      ServerProcess server, String path) {
    return CLIENT.sendAsync(request(server, path).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> sendAsync(
      ServerProcess server, String conversation, String message) throws Exception {
    return post(
        server,
        "/external/conversations/" + conversation + "/messages/async",
        "{\"message\":\"" + message + "\"}");
  }

  private static HttpResponse<String> post(ServerProcess server, String path, String body)
      throws Exception {
    return CLIENT.send(
        request(server, path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(ServerProcess server, String path) {
    return HttpRequest.newBuilder(server.url().resolve(path))
        .header("Agent-Secret-Key", KEY)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60));
  }

  private static JsonNode read(HttpResponse<String> response) throws Exception {
    return JSON.readTree(response.body());
  }

  private static List<String> replies(ServerProcess server, String conversation) throws Exception {
    var messages =
        CLIENT.send(
            request(server, "/external/conversations/" + conversation + "/messages").build(),
            BodyHandlers.ofString());
    var replies = new ArrayList<String>();
    for (var message : read(messages).path("messages")) {
      if (message.path("senderRole").asText().equals("assistant")) {
        replies.add(message.path("message").asText());
      }
    }
    return replies;
  }

  private static void awaitReplies(ServerProcess server, String conversation, String... expected) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> replies(server, conversation).equals(List.of(expected)));
  }

  private static List<String> texts(Connection database) throws Exception {
    try (var statement = database.createStatement();
        var rows = statement.executeQuery("select text from message order by created_at")) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }
}

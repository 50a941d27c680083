package dev.colloquy.turn;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns that end otherwise than with a reply at once, and what is left of them. */
@ServerTest
class TurnFailureTest {
  @Inject Database database;
  StubModelServer stub;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void reset() {
    stub.reset();
    threads.close();
  }

  @Test
  void theFallbackModelAnswersWhereTheFirstOneFails() {
    var fallback = "fallback-" + UUID.randomUUID();
    var scene = new Scene(database, Map.of("fallbackModel", "openai:" + fallback));
    scene.answers(stub, _ -> ModelAnswer.status(500, "{}"));
    var conversation = scene.agent().newConversation();

    scene
        .agent()
        .send(conversation, "Hi")
        .then()
        .statusCode(201)
        .body("message", equalTo("Hello."));

    assertThat(models(conversation)).isEqualTo("openai:" + fallback);
  }

  @Test
  void aModelThatFailsIs502AndTheQuestionIsKept() {
    var scene = new Scene(database);
    scene.answers(stub, _ -> ModelAnswer.status(400, "{\"error\":{\"message\":\"secret words\"}}"));
    var conversation = scene.agent().newConversation();

    var failed = scene.agent().send(conversation, "Hi");

    var question = scene.idOf(conversation, "Hi");
    failed.then().statusCode(502).body("message", equalTo("MODEL_FAILED"));
    assertThat(failed.asString()).contains(question).doesNotContain("secret words");
    scene
        .responseOn(conversation, question)
        .then()
        .statusCode(200)
        .body("status", equalTo("failed"))
        .body("message", nullValue())
        .body("error", containsString("model"));
    assertThat(scene.turns(conversation)).containsExactly("failed");
    // The conversation goes on.
    scene.answers(stub, _ -> ModelAnswer.reply("Better now."));
    scene.agent().send(conversation, "And now?").then().statusCode(201);
  }

  @Test
  void aModelWithoutItsKeyIs503() {
    var scene = new Scene(database);
    scene.answers(stub, _ -> ModelAnswer.status(401, "{}"));
    var conversation = scene.agent().newConversation();

    var failed = scene.agent().send(conversation, "Hi");

    failed.then().statusCode(503).body("message", equalTo("MODEL_NOT_CONFIGURED"));
    assertThat(failed.asString()).contains("not set up");
    assertThat(scene.status(conversation, scene.idOf(conversation, "Hi"))).isEqualTo("failed");
  }

  @Test
  void aProviderThatIsNoLongerConfiguredIs503() {
    var scene = new Scene(database);
    database.useTransaction(tx ->
        tx.createUpdate("update agent set model = 'gone:model' where id = :id")
            .bind("id", UUID.fromString(scene.agentId()))
            .execute());
    var conversation = scene.agent().newConversation();

    scene
        .agent()
        .send(conversation, "Hi")
        .then()
        .statusCode(503)
        .body("message", equalTo("MODEL_NOT_CONFIGURED"));

    assertThat(scene.texts(conversation, "conversation_user")).containsExactly("Hi");
  }

  @Test
  void theAgentsOwnErrorMessageIsWhatCallersAreTold() {
    var scene = new Scene(database, Map.of("defaultErrorMessage", "Please call us."));
    scene.answers(stub, _ -> ModelAnswer.status(400, "{}"));
    var conversation = scene.agent().newConversation();

    var failed = scene.agent().send(conversation, "Hi");

    assertThat(failed.asString()).contains("Please call us.");
    scene
        .responseOn(conversation, scene.idOf(conversation, "Hi"))
        .then()
        .body("error", equalTo("Please call us."));
  }

  @Test
  void aPersonCanAnswerWhatTheAgentCouldNot() {
    var scene = new Scene(database);
    scene.answers(stub, _ -> ModelAnswer.status(400, "{}"));
    var conversation = scene.agent().newConversation();
    scene.agent().send(conversation, "Hi").then().statusCode(502);
    var question = scene.idOf(conversation, "Hi");
    scene.mode(conversation, "manual").then().statusCode(200);

    scene
        .manual(conversation, Map.of("message", "I can.", "conversationMessageId", question))
        .then()
        .statusCode(200);

    scene
        .responseOn(conversation, question)
        .then()
        .body("status", equalTo("completed"))
        .body("message.message", equalTo("I can."));
  }

  @Test
  void whatAModelRefusedIsNotAskedAgain() {
    var scene = new Scene(database);
    scene.answers(
        stub,
        request ->
            request.body().toString().contains("forbidden")
                ? ModelAnswer.status(400, "{}")
                : ModelAnswer.reply("Yes."));
    var conversation = scene.agent().newConversation();
    scene.agent().send(conversation, "Something forbidden").then().statusCode(502);
    var question = scene.idOf(conversation, "Something forbidden");

    scene.agent().send(conversation, "Are you there?").then().statusCode(201);

    // What a person answered is part of what was said.
    scene.mode(conversation, "manual").then().statusCode(200);
    scene
        .manual(conversation, Map.of("message", "No.", "conversationMessageId", question))
        .then()
        .statusCode(200);
    scene.mode(conversation, "ai").then().statusCode(200);
    scene.answers(stub, request -> ModelAnswer.reply(request.body().toString()));
    assertThat(scene.agent().send(conversation, "And now?").path("message").toString())
        .containsSubsequence("forbidden", "No.", "And now?");
  }

  @Test
  void anInactiveAgentTakesNoMessages() {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    Api.organization()
        .put("/external/agents/" + scene.agentId(), Map.of("status", "inactive"))
        .then()
        .statusCode(200);

    scene.agent().send(conversation, "Hi").then().statusCode(409);
    scene.async(conversation, "Hi").then().statusCode(409);

    assertThat(scene.texts(conversation, "conversation_user")).isEmpty();
    assertThat(scene.turns(conversation)).isEmpty();
  }

  @Test
  void aConversationDeletedMeanwhileIsNotFoundAndItsCallEnds() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    var waiting = asked(scene, conversation);
    var abandoned = stub.abandoned();

    scene.agent().delete("/external/conversations/" + conversation).then().statusCode(204);

    waiting.get(10, TimeUnit.SECONDS).then().statusCode(404);
    Scene.soon().until(() -> stub.abandoned() > abandoned);
    assertThat(scene.texts(conversation, "assistant")).isEmpty();
  }

  @Test
  void aUserDeletedMeanwhileIsNotFoundToo() throws Exception {
    var scene = new Scene(database);
    var user = scene.agent().newUser();
    var conversation = scene.agent().newConversation(user);
    var waiting = asked(scene, conversation);

    assertThat(scene.agent().delete("/external/users/" + user).statusCode()).isBetween(200, 204);

    waiting.get(10, TimeUnit.SECONDS).then().statusCode(404);
  }

  private Future<Response> asked(Scene scene, String conversation) throws InterruptedException {
    var asked = new CountDownLatch(1);
    scene.answers(
        stub,
        _ -> {
          asked.countDown();
          return new ModelAnswer.Silence();
        });
    var waiting = threads.submit(() -> scene.agent().send(conversation, "Anybody?"));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    return waiting;
  }

  @Test
  void aCallerWhoHangsUpFindsTheReplyLater() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    var asked = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    scene.answers(
        stub,
        _ -> {
          asked.countDown();
          try {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return ModelAnswer.reply("Still here.");
        });
    var body = "{\"message\":\"Hi\"}";
    var request =
        """
        POST /external/conversations/%s/messages HTTP/1.1
        Host: localhost
        Agent-Secret-Key: %s
        Content-Type: application/json
        Content-Length: %d

        %s\
        """
            .replace("\n", "\r\n")
            .formatted(conversation, scene.agent().key(), body.length(), body);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    }
    release.countDown();

    Scene.soon()
        .until(
            () -> scene.texts(conversation, "assistant").equals(java.util.List.of("Still here.")));
  }

  @Test
  void whatAReplyCostIsKeptAndCounted() {
    var scene = new Scene(database);
    scene.answers(stub, _ -> ModelAnswer.reply("Yes.").tokens(123, 45));
    var conversation = scene.agent().newConversation();

    scene.agent().send(conversation, "Hi").then().statusCode(201);

    assertThat(models(conversation)).isEqualTo("openai:" + scene.model());
    assertThat(
            scene.count(
                "select input_tokens * 1000 + output_tokens from turn where conversation_id = '%s'"
                    .formatted(conversation)))
        .isEqualTo(123_045);
    assertThat(get("/metrics").asString())
        .contains("colloquy_turns_seconds_count{outcome=\"replied\"")
        .containsPattern("colloquy_model_tokens_total\\{[^}]*direction=\"input\"[^}]*} [1-9]");
  }

  private String models(String conversation) {
    return database.read(tx ->
        tx.createQuery("select model from turn where conversation_id = :id")
            .bind("id", UUID.fromString(conversation))
            .mapTo(String.class)
            .one());
  }
}

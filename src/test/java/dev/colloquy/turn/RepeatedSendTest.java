package dev.colloquy.turn;

import static dev.colloquy.turn.Scene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant 7: a message that is sent again with its Idempotency-Key is stored and answered once.
 */
@ServerTest
class RepeatedSendTest {
  private static final String REPLAYED = "Idempotency-Replayed";

  @Inject Database database;
  StubModelServer stub;
  private Scene scene;
  private String conversation;
  private final String key = UUID.randomUUID().toString();

  @BeforeEach
  void begin() {
    scene = new Scene(database);
    conversation = scene.agent().newConversation();
  }

  @AfterEach
  void reset() {
    stub.reset();
  }

  private Response send(String path, String message) {
    return send(path, Map.of("message", message));
  }

  private Response send(String path, Map<String, ?> body) {
    return scene
        .agent()
        .request()
        .header("Idempotency-Key", key)
        .contentType(ContentType.JSON)
        .body(body)
        .post("/external/conversations/" + conversation + path);
  }

  private Response send(String message) {
    return send("/messages", message);
  }

  private static void assertReplay(Response repeat, Response first) {
    repeat.then().statusCode(first.statusCode()).header(REPLAYED, "true");
    assertThat(repeat.asString()).isEqualTo(first.asString());
  }

  @Test
  void invariant7ARepeatGetsTheFirstReply() {
    var first = send("Hi");
    first.then().statusCode(201).header(REPLAYED, nullValue());

    assertReplay(send("Hi"), first);

    assertThat(scene.texts(conversation, "conversation_user")).containsExactly("Hi");
    assertThat(scene.texts(conversation, "assistant")).hasSize(1);
    assertThat(stub.requests().stream().filter(r -> r.model().equals(scene.model()))).hasSize(1);
  }

  @Test
  void invariant7ARepeatWithoutWaitingGetsTheFirstMessage() {
    var first = send("/messages/async", "Hi");
    assertReplay(send("/messages/async", "Hi"), first);
    assertThat(scene.texts(conversation, "conversation_user")).containsExactly("Hi");

    // Another operation with the same key is another request.
    send("Hi").then().statusCode(201).header(REPLAYED, nullValue());
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    send("Hi").then().statusCode(201);
    send("Ho").then().statusCode(422).body("details[0].field", equalTo("Idempotency-Key"));
    assertThat(scene.texts(conversation, "conversation_user")).containsExactly("Hi");
  }

  @Test
  void invariant7RepeatsAtTheSameTimeWaitForTheOneReply() throws Exception {
    var gate = new TurnCalls.Gate();
    scene.answers(stub, _ -> gate.pass("Yes."));
    Callable<Response> send =
        () -> {
          gate.open.countDown();
          return send("Hi");
        };

    var answers = TurnCalls.race(20, send);

    var id = answers.getFirst().path("id").toString();
    assertThat(answers).allSatisfy(a -> a.then().statusCode(201).body("id", equalTo(id)));
    assertThat(answers).filteredOn(a -> a.header(REPLAYED) == null).hasSize(1);
    assertThat(scene.texts(conversation, "conversation_user")).containsExactly("Hi");
    assertThat(scene.texts(conversation, "assistant")).containsExactly("Yes.");
  }

  @Test
  void invariant7ARepeatAfterAFailureGetsTheFailure() {
    scene.answers(stub, _ -> ModelAnswer.status(400, "{}"));
    var first = send("Hi");
    first.then().statusCode(502);
    scene.answers(stub, _ -> ModelAnswer.reply("Yes."));

    assertReplay(send("Hi"), first);
    // Also when a person has answered it since.
    scene.mode(conversation, "manual");
    var question = scene.idOf(conversation, "Hi");
    scene
        .manual(conversation, Map.of("message", "A person.", "conversationMessageId", question))
        .then()
        .statusCode(200);
    assertReplay(send("Hi"), first);
  }

  @Test
  void invariant7ARepeatInAConversationThatAPersonAnswersGetsTheQuestionBack() {
    scene.mode(conversation, "manual");
    var first = send("Anybody?");
    first.then().statusCode(201).body("message", equalTo("Anybody?"));
    scene.manual(conversation, Map.of("message", "Yes, me.")).then().statusCode(200);

    assertReplay(send("Anybody?"), first);
  }

  /** Nothing was stored, so nothing is remembered: the same key may be tried again. */
  @Test
  void aRefusalIsNotRemembered() {
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    scene.async(conversation, "first").then().statusCode(201);
    var body = Map.of("message", "Hi", "whenBusy", "reject");
    send("/messages/async", body).then().statusCode(409);
    var first = scene.idOf(conversation, "first");
    scene
        .agent()
        .delete("/external/conversations/" + conversation + "/messages/" + first + "/turn")
        .then()
        .statusCode(204);

    send("/messages/async", body).then().statusCode(201).header(REPLAYED, nullValue());
  }

  @Test
  void aRepeatWhileTheReplyIsMadeWaitsForIt() throws Exception {
    var gate = new TurnCalls.Gate();
    scene.answers(stub, _ -> gate.pass("Yes."));
    var first = Thread.ofVirtual().start(() -> send("Hi"));
    gate.awaitWaiting(1);
    var repeat = new java.util.concurrent.FutureTask<>(() -> send("Hi"));
    Thread.ofVirtual().start(repeat);
    // The repeat is not answered before the reply is there.
    assertThat(repeat.isDone()).isFalse();
    gate.open.countDown();

    repeat.get().then().statusCode(201).body("message", equalTo("Yes.")).header(REPLAYED, "true");
    first.join();
    soon().until(() -> scene.turns(conversation).equals(java.util.List.of("completed")));
  }
}

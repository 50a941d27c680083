package dev.colloquy.turn;

import static dev.colloquy.turn.Scene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cancelling a turn, and waiting for one. */
@ServerTest
class CancellationTest {
  @Inject Database database;
  StubModelServer stub;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void reset() {
    stub.reset();
    threads.close();
  }

  private static Response cancel(Api agent, String conversation, String question) {
    return agent.delete(
        "/external/conversations/" + conversation + "/messages/" + question + "/turn");
  }

  private static Response waitFor(Scene scene, String conversation, String question, int seconds) {
    return scene
        .agent()
        .get(
            "/external/conversations/"
                + conversation
                + "/messages/"
                + question
                + "/response-on?wait="
                + seconds);
  }

  private void hang(Scene scene) {
    scene.answers(
        stub,
        request ->
            Scene.question(request).equals("hang")
                ? new ModelAnswer.Silence()
                : ModelAnswer.reply("Yes."));
  }

  private String running(Scene scene, String conversation) {
    var question = scene.async(conversation, "hang").then().statusCode(201).extract();
    soon().until(() -> stub.requests().stream().anyMatch(r -> r.model().equals(scene.model())));
    return question.path("id");
  }

  @Test
  void aRunningTurnEndsAndTheNextOneRuns() throws Exception {
    var scene = new Scene(database);
    hang(scene);
    var conversation = scene.agent().newConversation();
    Callable<Response> send = () -> scene.agent().send(conversation, "hang");
    var waiting = threads.submit(send);
    soon().until(() -> stub.requests().stream().anyMatch(r -> r.model().equals(scene.model())));
    var question = scene.idOf(conversation, "hang");
    var next = scene.async(conversation, "Are you there?").path("id").toString();
    var before = stub.abandoned();

    cancel(scene.agent(), conversation, question).then().statusCode(204);

    soon().until(() -> stub.abandoned() == before + 1);
    waiting
        .get()
        .then()
        .statusCode(409)
        .body("details[0].message", equalTo("The turn was cancelled."));
    scene
        .responseOn(conversation, question)
        .then()
        .body("status", equalTo("failed"))
        .body("error", equalTo("The turn was cancelled."));
    soon().until(() -> scene.status(conversation, next).equals("completed"));
    assertThat(scene.texts(conversation, "assistant")).containsExactly("Yes.");
  }

  @Test
  void whatWasCancelledIsNotAskedAgain() {
    var scene = new Scene(database);
    hang(scene);
    var conversation = scene.agent().newConversation();
    var question = running(scene, conversation);
    cancel(scene.agent(), conversation, question).then().statusCode(204);

    scene.agent().send(conversation, "Are you there?").then().statusCode(201);

    assertThat(stub.requests().stream().filter(r -> r.model().equals(scene.model())))
        .last()
        .satisfies(request -> assertThat(Scene.question(request)).isEqualTo("Are you there?"))
        .satisfies(request -> assertThat(request.body().toString()).doesNotContain("hang"));
  }

  /** This node hears of it by nobody, and is busy with another turn of the conversation. */
  @Test
  void aCallerWhoWaitsBehindAnotherTurnIsToldOfWhatEndedElsewhere() throws Exception {
    var scene = new Scene(database);
    hang(scene);
    var conversation = scene.agent().newConversation();
    var before = running(scene, conversation);
    Callable<Response> send = () -> scene.agent().send(conversation, "waits");
    var waiting = threads.submit(send);
    soon().until(() -> scene.turns(conversation).size() == 2);

    database.useTransaction(tx ->
        tx.createUpdate(
                """
                with head as (
                  update conversation_activity set open_turns = open_turns - 1
                  where conversation_id = :id
                )
                update turn
                set status = 'failed', ended_at = now(), error_code = 'CANCELLED', error = ''
                where conversation_id = :id and status = 'pending'
                """)
            .bind("id", UUID.fromString(conversation))
            .execute());

    waiting.get(10, TimeUnit.SECONDS).then().statusCode(409);
    cancel(scene.agent(), conversation, before).then().statusCode(204);
  }

  @Test
  void aTurnThatWaitsEndsAndTheOneBeforeItGoesOn() {
    var scene = new Scene(database);
    var gate = new TurnCalls.Gate();
    scene.answers(stub, _ -> gate.pass("Yes."));
    var conversation = scene.agent().newConversation();
    var first = scene.async(conversation, "one").path("id").toString();
    gate.awaitWaiting(1);
    var second = scene.async(conversation, "two").path("id").toString();

    cancel(scene.agent(), conversation, second).then().statusCode(204);
    gate.open.countDown();

    soon().until(() -> scene.status(conversation, first).equals("completed"));
    assertThat(scene.status(conversation, second)).isEqualTo("failed");
    // The call that ran was not disturbed.
    assertThat(stub.requests().stream().filter(r -> r.model().equals(scene.model()))).hasSize(1);
  }

  @Test
  void whatHasEndedIsNotCancelled() {
    var scene = new Scene(database);
    hang(scene);
    var conversation = scene.agent().newConversation();
    scene.agent().send(conversation, "Hi").then().statusCode(201);
    var answered = scene.idOf(conversation, "Hi");
    cancel(scene.agent(), conversation, answered)
        .then()
        .statusCode(409)
        .body("details[0].message", equalTo("has ended: completed"));

    var question = running(scene, conversation);
    cancel(scene.agent(), conversation, question).then().statusCode(204);
    cancel(scene.agent(), conversation, question).then().statusCode(409);

    scene.mode(conversation, "manual").then().statusCode(200);
    var held = scene.async(conversation, "Anybody?").path("id").toString();
    cancel(scene.agent(), conversation, held).then().statusCode(409);
  }

  @Test
  void whatIsNotTheCallersIsNotFound() {
    var scene = new Scene(database);
    hang(scene);
    var conversation = scene.agent().newConversation();
    var question = running(scene, conversation);

    cancel(Api.newAgent(), conversation, question).then().statusCode(404);
    cancel(scene.agent(), conversation, UUID.randomUUID().toString()).then().statusCode(404);
    cancel(scene.agent(), conversation, "abc").then().statusCode(404);
    assertThat(scene.status(conversation, question)).isEqualTo("pending");
    cancel(scene.agent(), conversation, question).then().statusCode(204);
  }

  @Test
  void responseOnWaitsForTheAnswer() throws Exception {
    var scene = new Scene(database);
    var gate = new TurnCalls.Gate();
    scene.answers(stub, _ -> gate.pass("Yes."));
    var conversation = scene.agent().newConversation();
    var question = scene.async(conversation, "Will you?").path("id").toString();
    gate.awaitWaiting(1);
    assertThat(waitFor(scene, conversation, question, 1).path("status").toString())
        .isEqualTo("pending");

    Callable<Response> wait = () -> waitFor(scene, conversation, question, 30);
    var waiting = List.of(threads.submit(wait), threads.submit(wait));
    gate.open.countDown();

    for (var answer : waiting) {
      answer.get().then().statusCode(200).body("message.message", equalTo("Yes."));
    }
    waitFor(scene, conversation, question, 31)
        .then()
        .statusCode(400)
        .body("details[0].field", equalTo("wait"));
  }
}

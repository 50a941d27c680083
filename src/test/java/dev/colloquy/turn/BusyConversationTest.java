package dev.colloquy.turn;

import static dev.colloquy.turn.Scene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to a question that arrives while another one is being answered. */
@ServerTest
class BusyConversationTest {
  @Inject Database database;
  @Inject Intake intake;
  @Inject Node node;
  StubModelServer stub;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void reset() {
    stub.reset();
    threads.close();
  }

  private static Response async(Scene scene, String conversation, String message, Object... more) {
    return scene
        .agent()
        .post("/external/conversations/" + conversation + "/messages/async", body(message, more));
  }

  private static Map<String, Object> body(String message, Object... more) {
    var body = new HashMap<String, Object>(Map.of("message", message));
    for (int i = 0; i < more.length; i += 2) {
      body.put((String) more[i], more[i + 1]);
    }
    return body;
  }

  /** Hangs for questions that begin with "hang", and answers others with all that was asked. */
  private void hangOrEcho(Scene scene) {
    scene.answers(
        stub,
        request ->
            Scene.question(request).startsWith("hang") && !Scene.question(request).contains("\n\n")
                ? new ModelAnswer.Silence()
                : ModelAnswer.reply("To: " + Scene.question(request)));
  }

  private static String id(Response response) {
    return response.then().statusCode(201).extract().path("id");
  }

  private String reply(Scene scene, String conversation, String question) {
    soon().until(() -> scene.status(conversation, question).equals("completed"));
    return scene.responseOn(conversation, question).path("message.id");
  }

  private void awaitAsked(Scene scene, String conversation) {
    soon().until(() -> stub.requests().stream().anyMatch(r -> r.model().equals(scene.model())));
    assertThat(scene.turns(conversation)).contains("running");
  }

  @Test
  void rejectRefusesWith409AndStoresNothing() {
    var scene = new Scene(database, Map.of("whenBusy", "reject"));
    hangOrEcho(scene);
    var conversation = scene.agent().newConversation();
    var first = id(async(scene, conversation, "hang"));
    awaitAsked(scene, conversation);

    scene
        .agent()
        .send(conversation, "And this?")
        .then()
        .statusCode(409)
        .body("details[0].field", equalTo("conversation"));
    assertThat(scene.texts(conversation, "conversation_user")).containsExactly("hang");

    // The request's own wish goes before the agent's setting.
    var second = id(async(scene, conversation, "Wait.", "whenBusy", "enqueue"));
    assertThat(scene.status(conversation, second)).isEqualTo("pending");
    id(async(scene, conversation, "Now!", "whenBusy", "interrupt"));
    reply(scene, conversation, first);
    assertThat(scene.agent().send(conversation, "Free again?").statusCode()).isEqualTo(201);
  }

  @Test
  void whatOnlyGathersTakesInWhatWouldElseBeRejected() {
    var scene = new Scene(database, Map.of("whenBusy", "reject", "burstWindowMs", 1500));
    hangOrEcho(scene);
    var conversation = scene.agent().newConversation();
    var one = id(async(scene, conversation, "hang"));
    id(async(scene, conversation, "on"));
    // It does not wait for more, and so neither do they.
    var now =
        scene
            .agent()
            .post(
                "/external/conversations/" + conversation + "/messages",
                body("now", "burstWindowMs", 0));
    now.then().statusCode(201).body("message", equalTo("To: hang\n\non\n\nnow"));
    assertThat(reply(scene, conversation, one)).isEqualTo(now.path("id"));

    id(async(scene, conversation, "hang", "burstWindowMs", 0));
    async(scene, conversation, "And this?").then().statusCode(409);
    assertOpenTurns(scene, conversation, 1);
  }

  @Test
  void interruptEndsTheCallAndOneReplyAnswersAllThatWasAsked() throws Exception {
    var scene = new Scene(database, Map.of("whenBusy", "interrupt"));
    hangOrEcho(scene);
    var conversation = scene.agent().newConversation();
    Callable<Response> send = () -> scene.agent().send(conversation, "hang on");
    var waiting = threads.submit(send);
    awaitAsked(scene, conversation);
    var before = stub.abandoned();
    var second = id(async(scene, conversation, "hang too", "whenBusy", "enqueue"));

    var third = scene.agent().send(conversation, "Well?");

    third.then().statusCode(201).body("message", equalTo("To: hang on\n\nhang too\n\nWell?"));
    // The call that was given up costs nothing more.
    soon().until(() -> stub.abandoned() == before + 1);
    // Each question has that one reply: the caller who waited, and those who ask.
    var reply = third.path("id").toString();
    waiting.get().then().statusCode(201).body("id", equalTo(reply));
    var first = scene.idOf(conversation, "hang on");
    for (var question : List.of(first, second, scene.idOf(conversation, "Well?"))) {
      assertThat(reply(scene, conversation, question)).isEqualTo(reply);
    }
    assertThat(scene.texts(conversation, "assistant")).hasSize(1);
    assertThat(scene.turns(conversation)).containsExactly("merged", "merged", "completed");
    assertOpenTurns(scene, conversation, 0);
  }

  @Test
  void aReplyThatFailsFailsForAllThatWereMergedIntoIt() {
    var scene = new Scene(database, Map.of("whenBusy", "interrupt"));
    scene.answers(
        stub,
        request ->
            Scene.question(request).equals("hang")
                ? new ModelAnswer.Silence()
                : ModelAnswer.status(400, "{}"));
    var conversation = scene.agent().newConversation();
    var first = id(async(scene, conversation, "hang"));
    awaitAsked(scene, conversation);

    scene.agent().send(conversation, "fail").then().statusCode(502);

    assertThat(scene.status(conversation, first)).isEqualTo("failed");
    assertThat(scene.turns(conversation)).containsExactly("merged", "failed");
    assertOpenTurns(scene, conversation, 0);
  }

  @Test
  void eventsTellWhatBecameOfMergedQuestions() {
    var scene = new Scene(database, Map.of("whenBusy", "interrupt"));
    scene.answers(
        stub,
        request -> {
          var asked = Scene.question(request);
          if (asked.endsWith("answer")) {
            return ModelAnswer.reply("Here.");
          }
          return asked.endsWith("fail") ? ModelAnswer.status(400, "{}") : new ModelAnswer.Silence();
        });
    var conversation = scene.agent().newConversation();
    var merged =
        List.of(id(async(scene, conversation, "one")), id(async(scene, conversation, "two")));
    scene.agent().send(conversation, "answer").then().statusCode(201);
    var failed = id(async(scene, conversation, "three"));
    scene.agent().send(conversation, "fail").then().statusCode(502);
    var cancelled = id(async(scene, conversation, "four"));
    var last = id(async(scene, conversation, "five"));
    scene
        .agent()
        .delete("/external/conversations/" + conversation + "/messages/" + last + "/turn")
        .then()
        .statusCode(204);
    scene.agent().send(conversation, "answer").then().statusCode(201);

    for (var feed :
        List.of("/external/conversations/" + conversation + "/events", "/external/events")) {
      var told = scene.agent().get(feed).jsonPath();
      assertThat(told.getList("data.findAll { it.data.mergedMessageIds != null }.type"))
          .containsExactly("message.created", "turn.failed", "turn.failed");
      assertThat(told.getList("data.data.mergedMessageIds.findAll { it != null }"))
          .isEqualTo(List.of(merged, List.of(failed), List.of(cancelled)));
    }
  }

  @Test
  void aTakeOverLeavesMergedQuestionsToThePerson() {
    var scene = new Scene(database, Map.of("whenBusy", "interrupt"));
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    var conversation = scene.agent().newConversation();
    var first = id(async(scene, conversation, "one"));
    awaitAsked(scene, conversation);
    var second = id(async(scene, conversation, "two"));

    scene.mode(conversation, "manual").then().statusCode(200);

    assertThat(scene.status(conversation, first)).isEqualTo("pending");
    assertThat(scene.turns(conversation)).containsExactly("merged", "superseded");
    scene.manual(conversation, Map.of("message", "A person speaks.")).then().statusCode(200);
    assertThat(scene.status(conversation, first)).isEqualTo("completed");
    assertThat(scene.status(conversation, second)).isEqualTo("completed");
  }

  @Test
  void aBurstIsAnsweredInOneReply() {
    var scene = new Scene(database, Map.of("burstWindowMs", 1500));
    hangOrEcho(scene);
    var conversation = scene.agent().newConversation();
    var one = id(async(scene, conversation, "I have"));
    var two = id(async(scene, conversation, "a question"));

    var third = scene.agent().send(conversation, "about cats.");

    third
        .then()
        .statusCode(201)
        .body("message", equalTo("To: I have\n\na question\n\nabout cats."));
    assertThat(reply(scene, conversation, one)).isEqualTo(third.path("id"));
    assertThat(reply(scene, conversation, two)).isEqualTo(third.path("id"));
    assertThat(scene.texts(conversation, "assistant")).hasSize(1);
    assertThat(stub.requests().stream().filter(r -> r.model().equals(scene.model()))).hasSize(1);
    assertOpenTurns(scene, conversation, 0);
  }

  @Test
  void theContextsOfMergedQuestionsAreToldInTheirOrder() {
    var scene = new Scene(database, Map.of("burstWindowMs", 1500));
    hangOrEcho(scene);
    var conversation = scene.agent().newConversation();
    id(async(scene, conversation, "one", "context", "CTX-ONE"));
    id(async(scene, conversation, "two"));
    id(async(scene, conversation, "three", "context", "CTX-THREE"));
    scene.agent().send(conversation, "four").then().statusCode(201);

    var asked = stub.requests().stream().filter(r -> r.model().equals(scene.model())).toList();
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst().body().path("messages").path(0).path("content").asText())
        .contains("CTX-ONE\n\nCTX-THREE");
  }

  /** What runs already is not given up for a burst; what gathers behind it is answered after it. */
  @Test
  void aBurstBehindARunningTurnWaitsForIt() {
    var scene = new Scene(database);
    var gate = new TurnCalls.Gate();
    scene.answers(
        stub,
        request ->
            Scene.question(request).equals("first")
                ? gate.pass("First.")
                : ModelAnswer.reply("To: " + Scene.question(request)));
    var conversation = scene.agent().newConversation();
    var first = id(async(scene, conversation, "first"));
    gate.awaitWaiting(1);
    var two = id(async(scene, conversation, "two", "burstWindowMs", 300));
    var three = id(async(scene, conversation, "three", "burstWindowMs", 300));
    gate.open.countDown();

    reply(scene, conversation, first);
    assertThat(reply(scene, conversation, two)).isEqualTo(reply(scene, conversation, three));
    assertThat(scene.texts(conversation, "assistant")).first().isEqualTo("First.");
    assertThat(scene.texts(conversation, "assistant")).hasSize(2);
  }

  /** Somebody who never stops writing is answered all the same. */
  @Test
  void aBurstEndsAfterTenWindowsThoughMoreComes() {
    var scene = new Scene(database, Map.of("burstWindowMs", 200));
    hangOrEcho(scene);
    var conversation = scene.agent().newConversation();
    soon()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          id(async(scene, conversation, "and"));
          return !scene.texts(conversation, "assistant").isEmpty();
        });
  }

  @Test
  void whatComesLateInABurstWaitsOnlyForItsEnd() {
    var scene = new Scene(database, Map.of("burstWindowMs", 60_000));
    var conversation = ConversationId.fromString(scene.agent().newConversation());
    assertThat(gather(scene, conversation).startsIn())
        .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    database.useTransaction(tx ->
        tx.execute(
            "update turn set gathers_since = now() - interval '599 seconds'"
                + " where conversation_id = ?",
            conversation.value()));

    assertThat(gather(scene, conversation).startsIn()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  private Accepted.Gathering gather(Scene scene, ConversationId conversation) {
    var question =
        ChannelQuestion.of(
            scene.owner(), conversation, new MessageId(Ids.next()), Channel.API, "and", null);
    return (Accepted.Gathering) intake.accept(question.question(), node.id());
  }

  @Test
  void questionsThatInterruptEachOtherAllHaveAReply() throws Exception {
    var scene = new Scene(database, Map.of("whenBusy", "interrupt"));
    scene.answers(stub, request -> ModelAnswer.reply("To: " + Scene.question(request)));
    var conversation = scene.agent().newConversation();
    Callable<Response> send = () -> scene.agent().send(conversation, "q");

    for (var sent : threads.invokeAll(IntStream.range(0, 30).mapToObj(_ -> send).toList())) {
      sent.get().then().statusCode(201);
    }

    assertThat(scene.turns(conversation)).hasSize(30).containsOnly("merged", "completed");
    var completed = scene.turns(conversation).stream().filter("completed"::equals).count();
    assertThat(scene.texts(conversation, "assistant")).hasSize((int) completed);
    assertOpenTurns(scene, conversation, 0);
  }

  private static void assertOpenTurns(Scene scene, String conversation, int expected) {
    assertThat(
            scene.count(
                "select open_turns from conversation_activity where conversation_id = '"
                    + conversation
                    + "'"))
        .isEqualTo(expected);
  }
}

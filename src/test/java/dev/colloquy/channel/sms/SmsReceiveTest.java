package dev.colloquy.channel.sms;

import static dev.colloquy.channel.sms.SmsScene.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.FakeTwilio;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SMS that come in: who may post them, and what becomes of them. */
@ServerTest
class SmsReceiveTest {
  @Inject Database database;
  @Inject PublicUrl publicUrl;
  StubModelServer stub;
  private final FakeTwilio twilio = FakeTwilio.start();
  private SmsScene scene;

  @BeforeEach
  void begin() {
    scene = scene(Map.of());
  }

  private SmsScene scene(Map<String, ?> agentFields) {
    return new SmsScene(twilio, database, publicUrl, agentFields, Map.of());
  }

  @AfterEach
  void reset() {
    stub.reset();
    twilio.close();
  }

  @Test
  void aMessageIsAnsweredByTheAgentFromTheNumberThatItCameTo() {
    stub.always(_ -> ModelAnswer.reply("We open at **nine**."));
    var answer = scene.post(twilio.message(scene.person, scene.number, "When do you open?"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/xml");
    assertThat(answer.body()).endsWith("<Response/>");
    soon(() -> assertThat(twilio.taken()).hasSize(1));
    var sent = twilio.taken().getFirst();
    assertThat(sent.field("To")).isEqualTo(scene.person);
    assertThat(sent.field("From")).isEqualTo(scene.number);
    assertThat(sent.field("Body")).isEqualTo("We open at nine.");
    assertThat(scene.said())
        .containsExactly("conversation_user: When do you open?", "assistant: We open at **nine**.");
    var conversation =
        scene.agent.get("/external/conversations/" + scene.conversations().getFirst());
    conversation.then().body("channel", equalTo("sms"));
  }

  @Test
  void invariant7AMessageThatComesTwiceHasOneEffect() throws Exception {
    var fields = twilio.message(scene.person, scene.number, "When do you open?");
    Callable<Integer> post = () -> scene.post(fields).statusCode();
    try (var posting = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : posting.invokeAll(Collections.nCopies(6, post))) {
        assertThat(answer.resultNow()).isEqualTo(200);
      }
    }
    soon(() -> assertThat(twilio.taken()).hasSize(1));

    scene.receive(fields);
    var another = scene.write("And when do you close?");

    soon(() -> assertThat(twilio.taken()).hasSize(2));
    assertThat(scene.outcome(another)).isEqualTo("question");
    assertThat(scene.inbound()).isEqualTo(2);
    assertThat(scene.said()).hasSize(4);
  }

  @Test
  void whatIsNotSignedByTheAgentsAccountIsRefusedAndNotKept() {
    var fields = twilio.message(scene.person, scene.number, "Let me in.");
    var right = twilio.sign(scene.url(), fields);
    var changed = new HashMap<>(fields);
    changed.put("Body", "Let me in!");
    var other = scene(Map.of());

    requireRefused(scene.url(), fields, "");
    requireRefused(scene.url(), fields, "not-a-signature");
    requireRefused(scene.url(), fields, right.toLowerCase(java.util.Locale.ROOT));
    requireRefused(scene.url(), changed, right);
    requireRefused(scene.url() + "?more=1", fields, right);
    requireRefused(other.url(), fields, right); // signed for another agent of the same account
    try (var stranger = FakeTwilio.start()) {
      requireRefused(scene.url(), fields, stranger.sign(scene.url(), fields));
    }
    assertThat(scene.inbound() + other.inbound()).isZero();
    assertThat(scene.conversations()).isEmpty();

    assertThat(twilio.post(scene.url(), RestAssured.port, fields, right).statusCode())
        .isEqualTo(200);
  }

  @Test
  void anAgentThatIsNotThereOrHasNoAccountIsLikeAWrongSignature() {
    var fields = twilio.message(scene.person, scene.number, "Let me in.");
    String withoutAccount = Api.createAgent(Map.of()).path("id");
    for (var id : List.of(UUID.randomUUID().toString(), "x", withoutAccount)) {
      var url = publicUrl.of("/channels/sms/twilio/" + id);
      requireRefused(url, fields, twilio.sign(url, fields));
    }
    scene.setSkill(
        Map.of("status", "inactive", "phoneNumber", scene.number, "twilio", twilio.account()));
    requireRefused(scene.url(), fields, twilio.sign(scene.url(), fields));
  }

  private void requireRefused(String url, Map<String, String> fields, String signature) {
    var answer = twilio.post(url, RestAssured.port, fields, signature);
    assertThat(answer.statusCode()).as(url).isEqualTo(403);
    assertThat(answer.body()).contains("INVALID_CREDENTIALS");
  }

  @Test
  void whatIsNoWebhookIsRefused() {
    var path = "/channels/sms/twilio/" + scene.agentId;
    given().contentType("application/json").body("{}").post(path).then().statusCode(415);
    given()
        .contentType("application/x-www-form-urlencoded")
        .body("Body=" + "x".repeat(70_000))
        .post(path)
        .then()
        .statusCode(413);
    var withoutSid = twilio.message(scene.person, scene.number, "Hello");
    withoutSid.remove("MessageSid");
    assertThat(scene.post(withoutSid).statusCode()).isEqualTo(400);
    var withoutSender = twilio.message("", scene.number, "Hello");
    assertThat(scene.post(withoutSender).statusCode()).isEqualTo(400);
    assertThat(scene.inbound()).isZero();
  }

  @Test
  void oddTextIsKeptAsFarAsItCanBe() {
    var fields = twilio.message(scene.person, scene.number, "a\u0000b 😀 \uD83D \n<b>&");
    scene.receive(fields);

    soon(() -> assertThat(scene.outcome(fields)).isEqualTo("question"));
    assertThat(scene.said().getFirst()).startsWith("conversation_user: a\uFFFDb 😀 ");
  }

  @Test
  void aMessageContinuesTheOpenConversationAndMovesIt() {
    var user = scene.agent.newUser(Map.of("phoneNumber", scene.person));
    var conversation = scene.agent.newConversation(user);

    var fields = scene.write("I would rather text.");

    soon(() -> assertThat(twilio.taken()).hasSize(1));
    assertThat(scene.outcome(fields)).isEqualTo("question");
    assertThat(scene.conversations()).containsExactly(conversation);
    scene
        .agent
        .get("/external/conversations/" + conversation)
        .then()
        .body("channel", equalTo("sms"));
  }

  @Test
  void whereNoneIsOpenAMessageOpensOneWithItsSenderAsUser() {
    scene.write("Hello");
    soon(() -> assertThat(twilio.taken()).hasSize(1));
    var first = scene.conversations().getFirst();
    scene
        .agent
        .put("/external/conversations/" + first, Map.of("status", "archived"))
        .then()
        .statusCode(200);
    String user = scene.agent.get("/external/conversations/" + first).path("conversationUserId");

    scene.write("Hello again");

    soon(() -> assertThat(twilio.taken()).hasSize(2));
    assertThat(scene.conversations()).hasSize(2);
    scene
        .agent
        .get("/external/users/" + user)
        .then()
        .statusCode(200)
        .body("firstName", equalTo(scene.person))
        .body("phoneNumber", equalTo(scene.person));
  }

  @Test
  void whatNobodyCanAnswerIsLeftAlone() {
    var shortCode = twilio.message("72345", scene.number, "Your code is 1234");
    var name = twilio.message("PARCELS", scene.number, "Your parcel is here");
    var otherNetwork = twilio.message("whatsapp:" + scene.person, scene.number, "Hello");
    var empty = twilio.message(scene.person, scene.number, "  ");
    for (var fields : List.of(shortCode, name, otherNetwork, empty)) {
      scene.receive(fields);
    }

    soon(() -> {
      assertThat(scene.outcome(shortCode)).isEqualTo("sender_is_no_number");
      assertThat(scene.outcome(name)).isEqualTo("sender_is_no_number");
      assertThat(scene.outcome(otherNetwork)).isEqualTo("sender_is_no_number");
      assertThat(scene.outcome(empty)).isEqualTo("empty");
    });
    assertThat(scene.conversations()).isEmpty();
  }

  @Test
  void aBurstIsAnsweredOnce() {
    scene = scene(Map.of("burstWindowMs", 1_500));
    scene.write("Hello");
    scene.write("I have a question");
    scene.write("When do you open?");

    soon(() -> assertThat(scene.said()).hasSize(4));
    soon(() -> assertThat(twilio.taken()).hasSize(1));
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void aLongReplyArrivesAsSeveralMessagesInTheirOrder() {
    var reply = new StringBuilder();
    for (var i = 1; i <= 60; i++) {
      reply.append("This is sentence number ").append(i).append(" of a long reply. ");
    }
    stub.always(_ -> ModelAnswer.reply(reply.toString()));

    scene.write("Tell me everything.");

    soon(() -> assertThat(twilio.taken()).hasSizeGreaterThan(3));
    soon(() -> assertThat(scene.deliveries()).allMatch(d -> "sent".equals(d.get("status"))));
    var bodies = twilio.taken().stream().map(sent -> sent.field("Body")).toList();
    assertThat(String.join(" ", bodies)).isEqualTo(reply.toString().strip());
    assertThat(bodies).hasSize(scene.deliveries().size());
    var details =
        database.read(tx ->
            tx.createQuery(
                    "select details ->> 'part' || '/' || (details ->> 'parts') from delivery"
                        + " where agent_id = cast(:agent as uuid) order by id")
                .bind("agent", scene.agentId)
                .mapTo(String.class)
                .list());
    assertThat(details.getFirst()).isEqualTo("1/" + bodies.size());
    assertThat(details.getLast()).isEqualTo(bodies.size() + "/" + bodies.size());
  }

  @Test
  void anotherOrganizationsAgentsKnowNothingOfIt() {
    scene.write("Hello");
    soon(() -> assertThat(twilio.taken()).hasSize(1));

    var other = scene(Map.of());
    assertThat(other.conversations()).isEmpty();
    assertThat(
            other
                .agent
                .get("/external/conversations/" + scene.conversations().getFirst())
                .statusCode())
        .isEqualTo(404);
    assertThat(Unique.phone()).isNotEqualTo(scene.person);
  }

  @Test
  void whatAnInactiveAgentIsWrittenIsKeptAndCanBeReplayed() {
    setAgent(Map.of("status", "inactive"));
    var fields = scene.write("When do you open?");
    soon(() -> assertThat(scene.outcome(fields)).isEqualTo("agent_inactive"));
    assertThat(scene.conversations()).isEmpty();

    setAgent(Map.of("status", "active"));
    Api.superAdmin()
        .post("/admin/inbound/" + id(fields) + "/replay", Map.of())
        .then()
        .statusCode(204);

    soon(() -> assertThat(twilio.taken()).hasSize(1));
    assertThat(scene.said().getFirst()).isEqualTo("conversation_user: When do you open?");
  }

  @Test
  void whatComesInWaitsWhileTheAgentHasItsFillOfTurns() throws Exception {
    setAgent(Map.of("turnsInFlight", 1));
    var first = scene.write("learn");
    soon(() -> assertThat(twilio.taken()).hasSize(1));
    var release = new CountDownLatch(1);
    stub.always(_ -> {
      try {
        assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return ModelAnswer.reply("Yes.");
    });
    var other = Unique.phone();
    var held = scene.write("hold");
    soon(() -> assertThat(scene.outcome(held)).isEqualTo("question"));
    var waits = twilio.message(other, scene.number, "one more");
    scene.receive(waits);
    var attempts = "select attempts from inbound where external_id = :id";
    soon(() -> assertThat(number(attempts, waits)).isGreaterThan(1));
    assertThat(scene.outcome(waits)).as("it is not given up").isEmpty();

    release.countDown();

    soon(() -> assertThat(twilio.taken()).hasSize(3));
    assertThat(scene.outcome(waits)).isEqualTo("question");
    assertThat(scene.outcome(first)).isEqualTo("question");
  }

  private void setAgent(Map<String, ?> fields) {
    Api.organization().put("/external/agents/" + scene.agentId, fields).then().statusCode(200);
  }

  private String id(Map<String, String> fields) {
    return database.read(tx ->
        tx.createQuery("select id from inbound where external_id = :id")
            .bind("id", fields.get("MessageSid"))
            .mapTo(String.class)
            .one());
  }

  private int number(String sql, Map<String, String> fields) {
    return database.read(
        tx -> tx.createQuery(sql).bind("id", fields.get("MessageSid")).mapTo(Integer.class).one());
  }
}

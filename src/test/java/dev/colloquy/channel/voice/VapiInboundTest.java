package dev.colloquy.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.FakeVapi;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that come in over Vapi. */
@ServerTest
@Timeout(60)
class VapiInboundTest {
  @Inject Database database;
  StubModelServer stub;
  private final String number = Unique.phone();
  private VoiceScene scene;

  @BeforeEach
  void begin() {
    scene = new VoiceScene(database);
    scene.overVapi("http://127.0.0.1:9", Map.of("greeting", "Welcome to \"Ada & Co\"."));
    scene.answers(stub, _ -> ModelAnswer.reply("At nine."));
  }

  @AfterEach
  void end() {
    stub.reset();
  }

  private Response ask(String secret, Object body) {
    var request = RestAssured.given().contentType("application/json").body(body);
    if (secret != null) {
      request.header("X-Vapi-Secret", secret);
    }
    return request.post(VapiAssistants.PATH + "/" + scene.agentId() + "/inbound");
  }

  private static Map<String, ?> request(String call, String from) {
    var customer = new HashMap<String, Object>();
    if (from != null) {
      customer.put("number", from);
    }
    return Map.of(
        "message",
        Map.of(
            "type",
            "assistant-request",
            "call",
            Map.of("id", call, "type", "inboundPhoneCall", "customer", customer),
            "phoneNumber",
            Map.of("number", "+12125550199")));
  }

  private FakeVapi.Line ring(String call, String from) throws Exception {
    var answer = ask(FakeVapi.SECRET, request(call, from));
    answer.then().statusCode(200);
    return new FakeVapi.Line(
        call, new ObjectMapper().readTree(answer.asString()).path("assistant"));
  }

  @Test
  void aCallIsGreetedTalkedAndKept() throws Exception {
    var id = "call-" + UUID.randomUUID();
    var line = ring(id, number);
    assertThat(line.assistant().path("firstMessage").asText())
        .isEqualTo("Welcome to \"Ada & Co\".");
    assertThat(line.say("When?")).isEqualTo("At nine.");
    line.status("ended", "customer-ended-call");
    line.tell(
        "end-of-call-report",
        Map.of("endedReason", "customer-ended-call", "durationSeconds", 61.2));
    scene.handled();

    var conversation = scene.conversations().getFirst();
    assertThat(scene.said(conversation))
        .containsExactly(
            "assistant: Welcome to \"Ada & Co\".", "user: When?", "assistant: At nine.");
    assertThat(scene.call(conversation))
        .containsEntry("direction", "inbound")
        .containsEntry("status", "ended")
        .containsEntry("seconds", 62);
    scene
        .agent()
        .get("/external/conversations/" + conversation)
        .then()
        .body("channel", equalTo("voice"))
        .body("aiCallId", equalTo(id));
  }

  @Test
  void invariant7ACallThatIsToldOfAgainIsTheSame() throws Exception {
    var id = "call-" + UUID.randomUUID();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> ring = () -> ring(id, number).model();
      var lines = threads.invokeAll(java.util.Collections.nCopies(4, ring));
      var models = new java.util.HashSet<String>();
      for (var line : lines) {
        models.add(line.get());
      }
      assertThat(models).hasSize(1);
    }
    assertThat(scene.conversations()).hasSize(1);
    assertThat(scene.said(scene.conversations().getFirst())).hasSize(1);
  }

  @Test
  void theUsersOpenConversationGoesOn() throws Exception {
    var user = scene.agent().newUser(Map.of("phoneNumber", number));
    var conversation = scene.agent().newConversation(user);
    scene.agent().send(conversation, "I wrote before").then().statusCode(201);

    ring("call-" + UUID.randomUUID(), number).say("And now I call");

    assertThat(scene.conversations()).containsExactly(conversation);
    assertThat(scene.said(conversation)).contains("user: I wrote before", "user: And now I call");
    scene
        .agent()
        .get("/external/conversations/" + conversation)
        .then()
        .body("channel", equalTo("voice"));
  }

  @Test
  void whoeverWithholdsTheirNumberIsSomebodyNew() throws Exception {
    ring("call-" + UUID.randomUUID(), null);
    ring("call-" + UUID.randomUUID(), "anonymous");
    assertThat(scene.conversations()).hasSize(2);
  }

  @Test
  void invariant4WhereAPersonTookOverTheCallerIsNotGreeted() throws Exception {
    var user = scene.agent().newUser(Map.of("phoneNumber", number));
    var conversation = scene.agent().newConversation(user);
    scene.mode(conversation, "manual");
    var line = ring("call-" + UUID.randomUUID(), number);
    assertThat(line.assistant().has("firstMessage")).isFalse();
    assertThat(line.assistant().path("firstMessageMode").asText())
        .isEqualTo("assistant-waits-for-user");
    assertThat(line.say("Hello?")).isEmpty();
    assertThat(scene.said(conversation)).containsExactly("user: Hello?");
  }

  @Test
  void withoutTheAgentsSecretNothingIsAnswered() {
    var body = request("call-1", number);
    for (var secret : new String[] {null, "", "wrong", FakeVapi.SECRET + "x"}) {
      ask(secret, body).then().statusCode(403);
    }
    for (var agent : List.of(UUID.randomUUID().toString(), "x")) {
      RestAssured.given()
          .contentType("application/json")
          .header("X-Vapi-Secret", FakeVapi.SECRET)
          .body(body)
          .post(VapiAssistants.PATH + "/" + agent + "/inbound")
          .then()
          .statusCode(403);
    }
    // An agent without a secret takes no calls, also with an empty one.
    var other = new VoiceScene(database);
    RestAssured.given()
        .contentType("application/json")
        .header("X-Vapi-Secret", "")
        .body(body)
        .post(VapiAssistants.PATH + "/" + other.agentId() + "/inbound")
        .then()
        .statusCode(403);
    assertThat(scene.conversations()).isEmpty();
  }

  @Test
  void anInactiveAgentTakesNoCalls() {
    database.useTransaction(tx ->
        tx.createUpdate("update agent set status = 'inactive' where id = :id")
            .bind("id", UUID.fromString(scene.agentId()))
            .execute());
    ask(FakeVapi.SECRET, request("call-1", number))
        .then()
        .statusCode(200)
        .body("error", equalTo("Nobody can take your call at present."));
    assertThat(scene.conversations()).isEmpty();
  }

  @Test
  void whatCannotBeReadIs400() {
    for (var body :
        List.of(
            "", "[]", "{", "{\"message\":1}", "{\"message\":{\"type\":\"assistant-request\"}}")) {
      ask(FakeVapi.SECRET, body).then().statusCode(400);
    }
    ask(FakeVapi.SECRET, Map.of("message", Map.of("type", "hang"))).then().statusCode(200);
    assertThat(scene.conversations()).isEmpty();
  }
}

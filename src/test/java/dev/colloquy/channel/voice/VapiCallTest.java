package dev.colloquy.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.FakeVapi;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls over Vapi, from the first ring to what is talked. */
@ServerTest
@Timeout(60)
class VapiCallTest {
  @Inject Database database;
  StubModelServer stub;
  private final FakeVapi vapi = new FakeVapi();
  private final String number = Unique.phone();
  private VoiceScene scene;
  private String conversation;

  @BeforeEach
  void begin() {
    scene = new VoiceScene(database, Map.of("defaultErrorMessage", "Please call again."));
    scene.overVapi(vapi.baseUrl(), Map.of());
  }

  @AfterEach
  void end() {
    stub.reset();
    vapi.close();
  }

  private FakeVapi.Line call() {
    conversation = scene.start(number, "Hello, this is Ada.");
    VoiceScene.soon().until(() -> scene.delivery(conversation).equals("sent"));
    return vapi.line(number);
  }

  @Test
  void aCallIsMadeTalkedAndKept() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("We open ", "at nine."));
    var line = call();

    assertThat(line.assistant().path("firstMessage").asText()).isEqualTo("Hello, this is Ada.");
    assertThat(line.assistant().at("/server/headers/X-Vapi-Secret").asText())
        .isEqualTo(FakeVapi.SECRET);
    scene
        .agent()
        .get("/external/conversations/" + conversation)
        .then()
        .body("aiCallId", equalTo(line.id()));
    assertThat(line.status("ringing", null)).isEqualTo(200);
    assertThat(line.status("in-progress", null)).isEqualTo(200);
    VoiceScene.soon().until(() -> scene.delivery(conversation).equals("delivered"));

    assertThat(line.say("When do you open?")).isEqualTo("We open at nine.");
    assertThat(line.say("And tomorrow?")).isEqualTo("We open at nine.");

    assertThat(scene.said(conversation))
        .containsExactly(
            "assistant: Hello, this is Ada.",
            "user: When do you open?",
            "assistant: We open at nine.",
            "user: And tomorrow?",
            "assistant: We open at nine.");
    assertThat(scene.call(conversation))
        .containsEntry("status", "in_progress")
        .containsEntry("external_id", line.id());
  }

  @Test
  void theAccountsAssistantSpeaksWhereOneIsSet() {
    scene.overVapi(vapi.baseUrl(), Map.of("vApiAssistantId", "assistant-7", "voice", "Elliot"));
    call();
    var body = vapi.placed().getLast().body();
    assertThat(body.path("assistantId").asText()).isEqualTo("assistant-7");
    assertThat(body.at("/assistantOverrides/voice/voiceId").asText()).isEqualTo("Elliot");
  }

  @Test
  void piecesAreSpokenWhileTheModelStillSpeaks() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("First ", "words").ending(ModelAnswer.Ending.HANG));
    var line = call();
    try (var reply = line.begin("Hi")) {
      assertThat(reply.next()).startsWith("First ");
    }
  }

  @Test
  void aCallerWhoInterruptsEndsTheModelsCall() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("Once upon ").ending(ModelAnswer.Ending.HANG));
    var line = call();
    var abandoned = stub.abandoned();
    try (var reply = line.begin("Tell me a story")) {
      assertThat(reply.next()).isEqualTo("Once upon ");
    }
    VoiceScene.soon().until(() -> stub.abandoned() > abandoned);
    VoiceScene.soon().until(() -> scene.turns(conversation).equals(List.of("failed")));

    scene.answers(stub, _ -> ModelAnswer.reply("Good night."));
    assertThat(line.say("No, stop")).isEqualTo("Good night.");
    assertThat(scene.said(conversation))
        .containsExactly(
            "assistant: Hello, this is Ada.",
            "user: Tell me a story",
            "user: No, stop",
            "assistant: Good night.");
  }

  @Test
  void aCallerWhoHangsUpWhileTheModelIsSilentEndsItsCall() throws Exception {
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    var line = call();
    var abandoned = stub.abandoned();
    var reply = line.begin("Hello?");
    VoiceScene.soon().until(() -> scene.asked(stub) == 1);
    reply.close();
    VoiceScene.soon().until(() -> stub.abandoned() > abandoned);
    assertThat(scene.said(conversation)).hasSize(2);
  }

  @Test
  void whatIsSaidNextInterruptsTheReplyAlsoWhereTheFirstRequestStaysOpen() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("Wait").ending(ModelAnswer.Ending.HANG));
    var line = call();
    try (var first = line.begin("I want to know")) {
      assertThat(first.next()).isEqualTo("Wait");
      scene.answers(stub, _ -> ModelAnswer.reply("Both."));
      assertThat(line.say("when you open")).isEqualTo("Both.");
      assertThat(first.rest()).isEmpty();
    }
    assertThat(scene.said(conversation)).filteredOn(s -> s.equals("assistant: Both.")).hasSize(1);
  }

  @Test
  void invariant7ARequestThatIsMadeAgainIsTheSameQuestion() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("At nine."));
    var line = call();
    line.add("user", "When?");
    for (var i = 0; i < 3; i++) {
      try (var reply = line.ask()) {
        assertThat(reply.rest()).isEqualTo("At nine.");
      }
    }
    assertThat(scene.asked(stub)).isEqualTo(1);
    // The same words later in the call are another question.
    line.add("assistant", "At nine.");
    assertThat(line.say("When?")).isEqualTo("At nine.");
    assertThat(scene.said(conversation)).filteredOn(s -> s.equals("user: When?")).hasSize(2);
  }

  @Test
  void invariant7RequestsAtOnceForTheSameAreOneQuestion() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("At nine."));
    var line = call();
    line.add("user", "When?");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          threads.invokeAll(
              java.util.Collections.nCopies(
                  4, () -> line.complete(line.body(false).toString()).statusCode()));
      for (var answer : answers) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }
    assertThat(scene.asked(stub)).isEqualTo(1);
    assertThat(scene.said(conversation)).hasSize(3);
  }

  @Test
  void aRetryAfterABrokenConnectionHearsTheReplyFromItsBeginning() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("One ").ending(ModelAnswer.Ending.HANG));
    var line = call();
    var first = line.begin("Count");
    assertThat(first.next()).isEqualTo("One ");
    first.close();
    try (var again = line.ask()) {
      assertThat(again.next()).isEqualTo("One ");
    }
    assertThat(scene.asked(stub)).isEqualTo(1);
    assertThat(scene.said(conversation)).hasSize(2);
  }

  @Test
  void invariant4WhereAPersonTookOverTheAgentIsSilent() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("Never."));
    var line = call();
    scene.mode(conversation, "manual");
    assertThat(line.say("Anybody?")).isEmpty();
    assertThat(scene.asked(stub)).isZero();
    assertThat(scene.said(conversation)).endsWith("user: Anybody?");
    // Nobody can write into a call.
    scene
        .agent()
        .post(
            "/external/conversations/" + conversation + "/send-manual-message",
            Map.of("message", "I am here."))
        .then()
        .statusCode(400);
  }

  @Test
  void invariant4ATakeOverSilencesAReplyThatIsBeingSpoken() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("I think ").ending(ModelAnswer.Ending.HANG));
    var line = call();
    try (var reply = line.begin("Well?")) {
      assertThat(reply.next()).isEqualTo("I think ");
      scene.mode(conversation, "manual");
      assertThat(reply.rest()).isEmpty();
    }
    assertThat(scene.said(conversation)).noneMatch(s -> s.contains("I think"));
  }

  @Test
  void whereTheModelFailsTheAgentSaysItsOwnText() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.status(400, "{}"));
    var line = call();
    assertThat(line.say("Hi")).isEqualTo("Please call again.");
    assertThat(scene.turns(conversation)).containsExactly("failed");
  }

  @Test
  void whereNobodyWasSpokenToNothingIsSaid() throws Exception {
    var line = call();
    for (var messages :
        List.of(
            "[]",
            "[{'role':'system','content':'Be nice.'}]",
            "[{'role':'assistant','content':'Hello.'}]",
            "[{'role':'user','content':'Hi'},{'role':'assistant','content':'Hello.'}]",
            "[{'role':'user','content':'   '}]",
            "[{'role':'user','content':null}]",
            "[{'role':'user'}, 7, null, 'text']")) {
      var body = "{'stream':false,'messages':" + messages + "}";
      var answer = line.complete(body.replace('\'', '"'));
      assertThat(answer.statusCode()).as(messages).isEqualTo(200);
      assertThat(answer.body()).contains("\"content\":\"\"").contains("\"finish_reason\":\"stop\"");
    }
    assertThat(scene.said(conversation)).hasSize(1);
  }

  @Test
  void aReplyIsAlsoGivenAsAWhole() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("At ", "nine."));
    var line = call();
    var body =
        """
        {"messages": [
          {"role": "system", "content": "x"},
          {"role": "user", "content": [{"type": "text", "text": "When?"}, {"type": "image_url"}]},
          {"role": "system", "content": "note"}]}
        """;
    var answer = line.complete(body);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"content\":\"At nine.\"");
    assertThat(scene.said(conversation)).contains("user: When?");
  }

  @Test
  void whatCannotBeReadIs400AndChangesNothing() throws Exception {
    var line = call();
    for (var body :
        List.of(
            "", "null", "[]", "{", "{}", "\"text\"", "{\"messages\":{}}", "\u0000", "{\"a\":")) {
      assertThat(line.complete(body).statusCode()).as(body).isEqualTo(400);
      assertThat(line.tellRaw(body)).as(body).isEqualTo(400);
    }
    assertThat(
            line.complete("{\"messages\":[{\"role\":\"user\",\"content\":\"a\\u0000b\"}]}")
                .statusCode())
        .isEqualTo(200);
    assertThat(scene.said(conversation)).hasSize(3);
  }

  @Test
  void aTokenIsGoodForItsOwnCallOnly() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("Never."));
    var line = call();
    var token = line.model().substring(line.model().lastIndexOf('/') + 1);
    var other = UUID.randomUUID() + token.substring(36);
    var changed = token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A");
    for (var forged : List.of(other, token.substring(0, 36), "x", changed + "x", token + "A")) {
      for (var path : List.of("/chat/completions", "/events")) {
        var answer =
            io.restassured.RestAssured.given()
                .contentType("application/json")
                .body(line.body(false).toString())
                .post(VapiAssistants.PATH + "/" + forged + path);
        assertThat(answer.statusCode()).as(forged).isEqualTo(403);
      }
    }
    assertThat(scene.said(conversation)).hasSize(1);
  }

  @Test
  void twoCallsAtOnceAreTwoConversations() throws Exception {
    scene.answers(
        stub,
        request -> {
          var messages = request.body().path("messages");
          return ModelAnswer.reply(
              "You said " + messages.get(messages.size() - 1).path("content").asText());
        });
    var first = call();
    var mine = conversation;
    var otherNumber = Unique.phone();
    var others = scene.start(otherNumber, "Hello, this is Ada.");
    VoiceScene.soon().until(() -> scene.delivery(others).equals("sent"));
    var second = vapi.line(otherNumber);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(() -> first.say("one"));
      var two = threads.submit(() -> second.say("two"));
      assertThat(one.get()).isEqualTo("You said one");
      assertThat(two.get()).isEqualTo("You said two");
    }
    assertThat(scene.said(mine)).contains("user: one").doesNotContain("user: two");
    assertThat(scene.said(others)).contains("user: two").doesNotContain("user: one");
  }
}

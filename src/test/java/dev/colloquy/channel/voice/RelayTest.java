package dev.colloquy.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.colloquy.channel.Form;
import dev.colloquy.channel.TwilioSignature;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.testing.FakeRelay;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over Twilio's ConversationRelay, those that come in and those that are made. */
@ServerTest
@Timeout(60)
class RelayTest {
  @Inject Database database;
  @Inject PublicUrl publicUrl;
  StubModelServer stub;
  private final FakeRelay twilio = new FakeRelay();
  private final String number = Unique.phone();
  private final String sid = "CA" + UUID.randomUUID().toString().replace("-", "");
  private VoiceScene scene;

  @BeforeEach
  void begin() {
    scene = new VoiceScene(database, Map.of("defaultErrorMessage", "Please call again."));
    scene.overTwilio(
        twilio.baseUrl(),
        Map.of("greeting", "Ada & <Co> \"here\"'\nHi", "language", "en-US", "voice", "Joanna"));
    scene.answers(stub, _ -> ModelAnswer.reply("We open ", "at nine."));
  }

  @AfterEach
  void end() {
    stub.reset();
    twilio.close();
  }

  private String address() {
    return publicUrl.of(RelayMarkup.PATH + "/" + scene.agentId());
  }

  private Map<String, String> ringing(String from) {
    return Map.of(
        "CallSid",
        sid,
        "From",
        from,
        "To",
        "+12125550100",
        "CallStatus",
        "ringing",
        "AccountSid",
        FakeRelay.ACCOUNT,
        "Direction",
        "inbound");
  }

  private String ring() throws Exception {
    var answer = twilio.post(address(), ringing(number));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("xml");
    return answer.body();
  }

  private FakeRelay.Session talk(String markup) throws Exception {
    var session = twilio.open(FakeRelay.attribute(markup, "url"));
    session.setUp(sid);
    return session;
  }

  private String conversation() {
    return scene.conversations().getFirst();
  }

  @Test
  void aCallThatComesInIsGreetedTalkedAndKept() throws Exception {
    var markup = ring();
    assertThat(FakeRelay.attribute(markup, "welcomeGreeting"))
        .isEqualTo("Ada & <Co> \"here\"'\nHi");
    assertThat(FakeRelay.attribute(markup, "language")).isEqualTo("en-US");
    assertThat(FakeRelay.attribute(markup, "voice")).isEqualTo("Joanna");
    assertThat(FakeRelay.attribute(markup, "url")).startsWith("ws");
    try (var session = talk(markup)) {
      session.prompt("When do you open?");
      assertThat(session.heard()).isEqualTo("We open at nine.");
      session.prompt("Thank you.");
      assertThat(session.heard()).isEqualTo("We open at nine.");
      assertThat(scene.call(conversation())).containsEntry("status", "in_progress");
    }
    var ended =
        Map.of(
            "CallSid",
            sid,
            "CallStatus",
            "completed",
            "SessionStatus",
            "completed",
            "SessionDuration",
            "42",
            "CallDuration",
            "44");
    for (var i = 0; i < 2; i++) {
      var answer = twilio.post(FakeRelay.attribute(markup, "action"), ended);
      assertThat(answer.body()).contains("<Response/>");
    }
    scene.handled();

    assertThat(scene.said(conversation()))
        .containsExactly(
            "assistant: Ada & <Co> \"here\"'\nHi",
            "user: When do you open?",
            "assistant: We open at nine.",
            "user: Thank you.",
            "assistant: We open at nine.");
    assertThat(scene.call(conversation()))
        .containsEntry("status", "ended")
        .containsEntry("seconds", 44)
        .containsEntry("provider", "twilio-voice")
        .containsEntry("external_id", sid);
    assertThat(scene.inbound()).containsExactly("handled action");
  }

  @Test
  void invariant7ACallThatIsToldOfAgainIsTheSame() throws Exception {
    assertThat(ring()).isEqualTo(ring());
    assertThat(scene.said(conversation())).hasSize(1);
  }

  @Test
  void aCallIsMadeAnsweredAndKept() throws Exception {
    var conversation = scene.start(number, "Hello, this is Ada.");
    VoiceScene.soon().until(() -> scene.delivery(conversation).equals("sent"));
    var placed = twilio.placed(number);
    var status = placed.form().text("StatusCallback");
    assertThat(placed.form().fields().get("StatusCallbackEvent"))
        .contains("ringing", "answered", "completed");
    assertThat(scene.call(conversation)).containsEntry("external_id", placed.sid());

    twilio.post(status, Map.of("CallSid", placed.sid(), "CallStatus", "ringing"));
    var markup = twilio.post(placed.form().text("Url"), Map.of("CallSid", placed.sid())).body();
    assertThat(FakeRelay.attribute(markup, "welcomeGreeting")).isEqualTo("Hello, this is Ada.");
    try (var session = twilio.open(FakeRelay.attribute(markup, "url"))) {
      session.setUp(placed.sid());
      session.prompt("Who is there?");
      assertThat(session.heard()).isEqualTo("We open at nine.");
    }
    twilio.post(
        status, Map.of("CallSid", placed.sid(), "CallStatus", "completed", "CallDuration", "17"));
    scene.handled();

    assertThat(scene.delivery(conversation)).isEqualTo("delivered");
    assertThat(scene.call(conversation))
        .containsEntry("status", "ended")
        .containsEntry("ended_reason", "completed")
        .containsEntry("seconds", 17);
    assertThat(scene.said(conversation)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"busy", "no-answer", "failed", "canceled"})
  void aCallThatReachesNobodyIsAFailedDelivery(String reason) throws Exception {
    var conversation = scene.start(number, "Hello?");
    VoiceScene.soon().until(() -> scene.delivery(conversation).equals("sent"));
    var placed = twilio.placed(number);
    twilio.post(
        placed.form().text("StatusCallback"),
        Map.of("CallSid", placed.sid(), "CallStatus", reason, "CallDuration", "0"));
    scene.handled();
    assertThat(scene.delivery(conversation)).isEqualTo("failed " + reason.replace('-', '_'));
    assertThat(scene.call(conversation)).containsEntry("status", "failed");
  }

  @Test
  void whoeverInterruptsEndsTheModelsCallAndWhatWasHeardIsKept() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("Once upon ").ending(ModelAnswer.Ending.HANG));
    var markup = ring();
    try (var session = talk(markup)) {
      var abandoned = stub.abandoned();
      session.prompt("Tell me a story");
      assertThat(session.next().path("token").asText()).isEqualTo("Once upon ");
      session.interrupt("Once u");
      VoiceScene.soon().until(() -> stub.abandoned() > abandoned);
      scene.answers(stub, _ -> ModelAnswer.reply("Good night."));
      session.prompt("Stop");
      assertThat(session.heard()).isEqualTo("Good night.");
    }
    assertThat(scene.said(conversation()).subList(1, 5))
        .containsExactly(
            "user: Tell me a story", "assistant: Once u", "user: Stop", "assistant: Good night.");
  }

  @Test
  void howFarAReplyWasHeardIsNoted() throws Exception {
    try (var session = talk(ring())) {
      session.prompt("When?");
      session.heard();
      VoiceScene.soon().until(() -> scene.said(conversation()).size() == 3);
      session.interrupt("We open");
      session.interrupt("We open");
      var id = UUID.fromString(conversation());
      VoiceScene.soon()
          .until(() ->
              database.read(tx ->
                  tx.createQuery(
                          "select coalesce(heard, '') from voice_utterance"
                              + " where conversation_id = :id")
                      .bind("id", id)
                      .mapTo(String.class)
                      .one()
                      .equals("We open")));
    }
    assertThat(scene.said(conversation())).hasSize(3).endsWith("assistant: We open at nine.");
  }

  @Test
  void whoeverHangsUpEndsTheModelsCall() throws Exception {
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    var session = talk(ring());
    var abandoned = stub.abandoned();
    session.prompt("Hello?");
    VoiceScene.soon().until(() -> scene.asked(stub) == 1);
    session.close();
    VoiceScene.soon().until(() -> stub.abandoned() > abandoned);
    VoiceScene.soon().until(() -> scene.turns(conversation()).equals(List.of("failed")));
  }

  @Test
  void invariant4WhereAPersonTookOverTheAgentIsSilent() throws Exception {
    try (var session = talk(ring())) {
      scene.mode(conversation(), "manual");
      session.prompt("Anybody?");
      VoiceScene.soon().until(() -> scene.said(conversation()).contains("user: Anybody?"));
      scene.mode(conversation(), "ai");
      session.prompt("And now?");
      assertThat(session.heard()).isEqualTo("We open at nine.");
    }
    assertThat(scene.asked(stub)).isEqualTo(1);
  }

  @Test
  void whereTheModelFailsTheAgentSaysItsOwnText() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.status(400, "{}"));
    try (var session = talk(ring())) {
      session.prompt("Hi");
      assertThat(session.heard()).isEqualTo("Please call again.");
    }
  }

  @Test
  void partsOfWhatIsSaidAreOneQuestion() throws Exception {
    try (var session = talk(ring())) {
      session.send(Map.of("type", "prompt", "voicePrompt", "When do", "last", false));
      session.send(Map.of("type", "prompt", "voicePrompt", "you open?", "last", true));
      session.heard();
    }
    assertThat(scene.said(conversation())).contains("user: When do you open?");
  }

  @Test
  void whatCannotBeReadChangesNothing() throws Exception {
    try (var session = talk(ring())) {
      for (var message :
          List.of(
              "",
              "x",
              "{",
              "[]",
              "7",
              "null",
              "{}",
              "{\"type\":7}",
              "{\"type\":\"prompt\"}",
              "{\"type\":\"prompt\",\"voicePrompt\":{}}",
              "{\"type\":\"interrupt\"}",
              "{\"type\":\"prompt\",\"voicePrompt\":\"  \"}",
              "{\"type\":\"dtmf\",\"digit\":\"12\"}",
              "{\"type\":\"dtmf\"}",
              "{\"type\":\"error\",\"description\":\"x\"}",
              "{\"type\":\"new\"}")) {
        session.sendRaw(message);
      }
      session.prompt("Still there?\u0000");
      assertThat(session.heard()).isEqualTo("We open at nine.");
    }
    assertThat(scene.said(conversation())).hasSize(3);
  }

  @Test
  void keysThatArePressedAreAskedAsAWhole() throws Exception {
    var markup = ring();
    assertThat(FakeRelay.attribute(markup, "dtmfDetection")).isEqualTo("true");
    try (var session = talk(markup)) {
      for (var key : List.of("4", "7", "#")) {
        session.send(Map.of("type", "dtmf", "digit", key));
      }
      assertThat(session.heard()).isEqualTo("We open at nine.");
      // Without a number sign, at the next word or after a pause.
      session.send(Map.of("type", "dtmf", "digit", "1"));
      session.send(Map.of("type", "dtmf", "digit", "*"));
      assertThat(session.heard()).isEqualTo("We open at nine.");
    }
    assertThat(scene.said(conversation()))
        .containsSubsequence("user: Keys pressed: 47#", "user: Keys pressed: 1*");
  }

  @Test
  void aMessageThatIsTooLongEndsTheConnectionAndNothingElse() throws Exception {
    var markup = ring();
    var session = talk(markup);
    session.sendRaw(
        "{\"type\":\"prompt\",\"voicePrompt\":\"" + "x".repeat(200_000) + "\",\"last\":true}");
    assertThat(session.closed()).isNotZero();
    assertThat(scene.said(conversation())).hasSize(1);
    try (var again = talk(markup)) {
      again.prompt("Hello?");
      assertThat(again.heard()).isEqualTo("We open at nine.");
    }
  }

  @Test
  void aRelayOfAnotherCallIsClosed() throws Exception {
    var session = twilio.open(FakeRelay.attribute(ring(), "url"));
    session.setUp("CAother");
    assertThat(session.closed()).isEqualTo(1008);
  }

  @Test
  void withoutTokenAndSignatureNobodyIsLetIn() throws Exception {
    var url = FakeRelay.attribute(ring(), "url");
    var signature = TwilioSignature.of(FakeRelay.TOKEN, url, Form.parse(""));
    var place = url.substring(0, url.lastIndexOf('/') + 1);
    refused(url, "");
    refused(url, "x" + signature);
    refused(url, TwilioSignature.of("another token", url, Form.parse("")));
    refused(url, TwilioSignature.of(FakeRelay.TOKEN, url + "x", Form.parse("")));
    var token = url.substring(place.length());
    for (var forged :
        List.of(
            UUID.randomUUID() + token.substring(36), token.substring(0, 40), "x", token + "A")) {
      var address = place + forged;
      refused(address, TwilioSignature.of(FakeRelay.TOKEN, address, Form.parse("")));
    }
  }

  private void refused(String address, String signature) {
    assertThatThrownBy(() -> twilio.open(address, signature))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
  }

  @Test
  void aCallThatIsOverIsNotTalkedInAgain() throws Exception {
    var markup = ring();
    twilio.post(
        FakeRelay.attribute(markup, "action"), Map.of("CallSid", sid, "CallStatus", "completed"));
    scene.handled();
    var url = FakeRelay.attribute(markup, "url");
    refused(url, TwilioSignature.of(FakeRelay.TOKEN, url, Form.parse("")));
  }

  @Test
  void whatIsNotSignedIsRefused() throws Exception {
    var body = Form.write(ringing(number));
    var right = TwilioSignature.of(FakeRelay.TOKEN, address(), Form.parse(body));
    assertThat(twilio.post(address(), body, "x").statusCode()).isEqualTo(403);
    assertThat(twilio.post(address(), body + "&Digits=1", right).statusCode()).isEqualTo(403);
    var elsewhere = publicUrl.of(RelayMarkup.PATH + "/" + UUID.randomUUID());
    assertThat(twilio.post(elsewhere, ringing(number)).statusCode()).isEqualTo(403);
    assertThat(scene.conversations()).isEmpty();

    var action = FakeRelay.attribute(ring(), "action");
    assertThat(twilio.post(action, "CallStatus=completed", "x").statusCode()).isEqualTo(403);
    var forged = action.replaceFirst("calls/........", "calls/00000000");
    assertThat(twilio.post(forged, Map.of("CallStatus", "completed")).statusCode()).isEqualTo(403);
    assertThat(scene.inbound()).isEmpty();
  }

  @Test
  void whatMakesNoSenseInAWebhookIsNoFault() throws Exception {
    assertThat(twilio.post(address(), Map.of("From", "x")).statusCode()).isEqualTo(400);
    assertThat(twilio.post(address(), Map.of("CallSid", "a b", "From", "x")).statusCode())
        .isEqualTo(400);
    assertThat(twilio.post(address(), ringing("\u0000anonymous")).statusCode()).isEqualTo(200);
    var action = FakeRelay.attribute(ring(), "action");
    for (var fields :
        List.of(
            Map.<String, String>of(),
            Map.of("CallStatus", "\u0000", "CallDuration", "-1", "CallSid", "?"),
            Map.of("CallStatus", "x".repeat(500), "CallDuration", "99999999999"))) {
      assertThat(twilio.post(action, fields).statusCode()).isEqualTo(200);
      assertThat(twilio.post(action.replace("/action", "/status"), fields).statusCode())
          .isEqualTo(200);
    }
    scene.handled();
    assertThat(scene.inbound()).allMatch(row -> row.startsWith("handled"));
  }

  @Test
  void anInactiveAgentTakesNoCalls() throws Exception {
    database.useTransaction(tx ->
        tx.createUpdate("update agent set status = 'inactive' where id = :id")
            .bind("id", UUID.fromString(scene.agentId()))
            .execute());
    assertThat(ring()).contains("<Reject/>");
    assertThat(scene.conversations()).isEmpty();
  }
}

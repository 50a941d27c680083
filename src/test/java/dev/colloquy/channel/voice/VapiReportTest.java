package dev.colloquy.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.FakeVapi;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls over Vapi, as Vapi tells it. */
@ServerTest
@Timeout(60)
class VapiReportTest {
  @Inject Database database;
  @Inject MeterRegistry meters;
  StubModelServer stub;
  private final FakeVapi vapi = new FakeVapi();
  private final String number = Unique.phone();
  private VoiceScene scene;
  private String conversation;
  private FakeVapi.Line line;

  @BeforeEach
  void begin() {
    scene = new VoiceScene(database).overVapi(vapi.baseUrl(), Map.of());
    scene.answers(stub, _ -> ModelAnswer.reply("We open at 9:00 a.m., except on Sundays."));
    conversation = scene.start(number, "Hello, this is Ada.");
    VoiceScene.soon().until(() -> scene.delivery(conversation).equals("sent"));
    line = vapi.line(number);
  }

  @AfterEach
  void end() {
    stub.reset();
    vapi.close();
  }

  private static Map<String, Object> report(String reason, String... said) {
    var messages = new ArrayList<Map<String, Object>>();
    messages.add(Map.of("role", "system", "message", "You are a voice."));
    for (var text : said) {
      var colon = text.indexOf(": ");
      messages.add(Map.of("role", text.substring(0, colon), "message", text.substring(colon + 2)));
    }
    var fields = new HashMap<String, Object>();
    fields.put("endedReason", reason);
    fields.put("startedAt", "2026-11-25T09:00:00.000Z");
    fields.put("endedAt", "2026-11-25T09:01:15.200Z");
    fields.put("recordingUrl", "https://storage.example.com/recording.wav");
    fields.put("artifact", Map.of("messages", messages));
    return fields;
  }

  private double seconds() {
    var counter =
        meters
            .find("colloquy.calls.seconds")
            .tags("provider", "vapi", "direction", "outbound")
            .counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void theReportKeepsHowTheCallEndedAndAddsNothingThatIsThere() throws Exception {
    line.status("in-progress", null);
    line.say("When do you open?");
    var before = scene.said(conversation);
    var counted = seconds();

    line.status("ended", "customer-ended-call");
    line.tell(
        "end-of-call-report",
        report(
            "customer-ended-call",
            "bot: Hello. This is Ada.",
            "user: when do you open",
            "bot: We open at 9:00 am",
            "bot: except on Sundays."));
    scene.handled();

    assertThat(scene.said(conversation)).isEqualTo(before).hasSize(3);
    assertThat(scene.call(conversation))
        .containsEntry("status", "ended")
        .containsEntry("ended_reason", "customer-ended-call")
        .containsEntry("recording_url", "https://storage.example.com/recording.wav")
        .containsEntry("seconds", 76);
    assertThat(scene.delivery(conversation)).isEqualTo("delivered");
    VoiceScene.soon().until(() -> seconds() - counted == 76);
  }

  @Test
  void whatWasSaidAndIsNotThereIsAddedInItsOrder() throws Exception {
    line.say("When do you open?");
    line.tell(
        "end-of-call-report",
        report(
            "customer-ended-call",
            "bot: Hello, this is Ada.",
            "user: Uh, hi there.",
            "bot: Let me see",
            "user: When do you open?",
            "bot: We open at 9:00 a.m., except on Sundays.",
            "user: Fine, thank you, bye."));
    scene.handled();

    assertThat(scene.said(conversation))
        .containsExactly(
            "assistant: Hello, this is Ada.",
            "user: When do you open?",
            "assistant: We open at 9:00 a.m., except on Sundays.",
            "user: Uh, hi there.",
            "assistant: Let me see",
            "user: Fine, thank you, bye.");
    // They are no questions: nobody answers them any more.
    assertThat(scene.turns(conversation)).hasSize(1);
    assertThat(scene.asked(stub)).isEqualTo(1);
  }

  @Test
  void invariant7AReportThatIsToldAgainHasOneEffect() throws Exception {
    var counted = seconds();
    var report = report("customer-ended-call", "user: Only this.");
    for (var i = 0; i < 3; i++) {
      assertThat(line.tell("end-of-call-report", report)).isEqualTo(200);
      assertThat(line.status("ended", "customer-ended-call")).isEqualTo(200);
    }
    scene.handled();
    assertThat(scene.said(conversation)).hasSize(2).endsWith("user: Only this.");
    assertThat(scene.inbound()).containsExactlyInAnyOrder("handled report", "handled status");
    assertThat(seconds() - counted).isEqualTo(76);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "customer-busy",
        "customer-did-not-answer",
        "twilio-failed-to-connect-call",
        "call.start.error-get-org"
      })
  void aCallThatReachesNobodyIsAFailedDelivery(String reason) throws Exception {
    line.status("ringing", null);
    line.status("ended", reason);
    line.tell("end-of-call-report", Map.of("endedReason", reason));
    scene.handled();
    assertThat(scene.delivery(conversation))
        .isEqualTo("failed " + reason.replaceAll("[^a-z]+", "_"));
    assertThat(scene.call(conversation))
        .containsEntry("status", "failed")
        .containsEntry("ended_reason", reason)
        .containsEntry("seconds", null);
  }

  @Test
  void aCallWhoseBeginningWasNotToldIsDeliveredByItsEnd() throws Exception {
    line.tell("end-of-call-report", report("silence-timed-out"));
    scene.handled();
    assertThat(scene.delivery(conversation)).isEqualTo("delivered");
  }

  @Test
  void whoeverSpeaksHasAnswered() throws Exception {
    line.say("Hi");
    assertThat(scene.delivery(conversation)).isEqualTo("delivered");
    line.status("ended", "customer-busy");
    scene.handled();
    assertThat(scene.call(conversation)).containsEntry("status", "ended");
  }

  @Test
  void anUnknownDeliveryIsResolvedByWhatIsToldOfItsCall() throws Exception {
    vapi.drop();
    var other = Unique.phone();
    var lost = scene.start(other, "Hello?");
    VoiceScene.soon().until(() -> scene.delivery(lost).equals("unknown vapi_no_answer"));
    var call = vapi.line(other);

    call.status("queued", null);
    scene.handled();

    assertThat(scene.delivery(lost)).isEqualTo("sent");
    scene
        .agent()
        .get("/external/conversations/" + lost)
        .then()
        .body("aiCallId", equalTo(call.id()));
    assertThat(vapi.placed().stream().filter(p -> p.body().toString().contains(other)))
        .as("never called twice")
        .hasSize(1);
  }

  @Test
  void whatMakesNoSenseInAnEventIsAsIfItWereNotThere() throws Exception {
    for (var body :
        List.of(
            "{'message':{'type':'status-update'}}",
            "{'message':{'type':'status-update','status':7}}",
            "{'message':{'type':'status-update','status':'a\\u0000b'}}",
            "{'message':{'type':'whatever'}}",
            "{'message':{'type':'transcript','transcript':'x'}}",
            "{'message':{'type':'end-of-call-report','endedReason':[],'startedAt':'yesterday',"
                + "'endedAt':1,'durationSeconds':-5,'recordingUrl':'javascript:x',"
                + "'artifact':{'messages':[1,null,{},{'role':'user','message':4},"
                + "{'role':'bot','message':'a\\u0000b'}]},'call':{'id':'\\u0000'}}}")) {
      assertThat(line.tellRaw(body.replace('\'', '"'))).as(body).isEqualTo(200);
    }
    scene.handled();
    assertThat(scene.inbound()).allMatch(row -> row.startsWith("handled"));
    assertThat(scene.call(conversation))
        .containsEntry("seconds", null)
        .containsEntry("recording_url", null);
    assertThat(scene.said(conversation)).hasSize(2).endsWith("assistant: a\uFFFDb");
  }

  @Test
  void aDeletedConversationIsNotBroughtBack() throws Exception {
    scene.agent().delete("/external/conversations/" + conversation).then().statusCode(204);
    assertThat(line.tell("end-of-call-report", report("customer-ended-call"))).isEqualTo(403);
    assertThat(line.complete(line.body(false).toString()).statusCode()).isEqualTo(403);
  }

  @Test
  void theOperatorSeesCallsAndWhatTheyLasted() throws Exception {
    line.tell("end-of-call-report", report("customer-ended-call"));
    scene.handled();
    var row = "data.find { it.conversationId == '" + conversation + "' }";
    Api.superAdmin()
        .get("/admin/calls?pageSize=100")
        .then()
        .statusCode(200)
        .body(row + ".seconds", equalTo(76))
        .body(row + ".direction", equalTo("outbound"))
        .body(row + ".status", equalTo("ended"))
        .body(row + ".agentId", equalTo(scene.agentId()))
        .body(row + ".externalId", equalTo(line.id()));
    var first = Api.superAdmin().get("/admin/calls?pageSize=1");
    String cursor = first.path("nextCursor");
    if (cursor != null) {
      Api.superAdmin()
          .get("/admin/calls?pageSize=1&cursor=" + cursor)
          .then()
          .statusCode(200)
          .body("currentPage", nullValue());
    }
    scene.agent().get("/admin/calls").then().statusCode(403);
  }
}

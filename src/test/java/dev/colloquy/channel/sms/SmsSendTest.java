package dev.colloquy.channel.sms;

import static dev.colloquy.channel.sms.SmsScene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.FakeTwilio;
import dev.colloquy.testing.FakeTwilio.Answer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SMS that go out: how their deliveries end, and when they wait. */
@ServerTest
class SmsSendTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @Inject Database database;
  @Inject PublicUrl publicUrl;
  private final FakeTwilio twilio = FakeTwilio.start();
  private SmsScene scene;

  @BeforeEach
  void begin() {
    scene = scene(Map.of());
  }

  private SmsScene scene(Map<String, ?> skill) {
    return new SmsScene(twilio, database, publicUrl, Map.of(), skill);
  }

  @AfterEach
  void close() {
    twilio.close();
  }

  private void requireState(String status, String reason) {
    soon(() -> {
      assertThat(scene.delivery()).containsEntry("status", status);
      assertThat(scene.delivery().get("reason")).isEqualTo(reason);
    });
  }

  private FakeTwilio.Sent sent() {
    soon(() -> assertThat(twilio.taken()).hasSize(1));
    return twilio.taken().getFirst();
  }

  @Test
  void whatIsSentIsDeliveredOnceTheGatewaySaysSo() {
    scene.start("Hello from the shop.").then().statusCode(201);
    var sent = sent();
    requireState("sent", null);
    assertThat(scene.delivery()).containsEntry("externalId", sent.sid());

    assertThat(scene.tell(sent, "sent", "").statusCode()).isEqualTo(200);
    assertThat(scene.tell(sent, "delivered", "").statusCode()).isEqualTo(200);

    requireState("delivered", null);
  }

  @Test
  void whatTheCarrierRefusesIsFailedWithItsCode() {
    scene.start("Hello from the shop.").then().statusCode(201);

    scene.tell(sent(), "undelivered", "30003");

    requireState("failed", "twilio_30003");
  }

  @Test
  void whatIsSaidLateUndoesNothing() {
    scene.start("Hello from the shop.").then().statusCode(201);
    var sent = sent();
    scene.tell(sent, "delivered", "");
    requireState("delivered", null);

    scene.tell(sent, "sent", "");
    scene.tell(sent, "queued", "");
    scene.tell(sent, "failed", "30008");
    scene.tell(sent, "delivered", "");

    soon(() -> assertThat(scene.outcome(sent.sid() + ":failed")).isEqualTo("failed"));
    assertThat(scene.delivery()).containsEntry("status", "delivered");
    assertThat(scene.inbound()).isEqualTo(4);
  }

  @Test
  void invariant6WhatMayHaveBeenTakenIsUnknownUntilTheGatewaySaysWhatItIs() {
    twilio.next(new Answer.Drop());
    scene.start("Hello from the shop.").then().statusCode(201);
    requireState("unknown", "twilio_connection_lost");
    assertThat(twilio.requests()).hasSize(1);

    scene.tell(sent(), "delivered", "");

    requireState("delivered", null);
    assertThat(scene.delivery()).containsEntry("externalId", sent().sid());
    assertThat(twilio.requests()).hasSize(1);
  }

  @Test
  void whatTheGatewayIsStillSendingIsKnownToBeSent() {
    twilio.next(new Answer.Drop());
    scene.start("Hello from the shop.").then().statusCode(201);
    requireState("unknown", "twilio_connection_lost");

    scene.tell(sent(), "queued", "");

    requireState("sent", null);
  }

  @Test
  void aReportOfAnEarlierAttemptDoesNotFailALaterOne() {
    twilio.next(new Answer.Drop());
    scene.start("Hello from the shop.").then().statusCode(201);
    requireState("unknown", "twilio_connection_lost");
    var first = sent();
    retry();
    requireState("sent", null);

    scene.tell(first, "failed", "30008");

    soon(() -> assertThat(scene.outcome(first.sid() + ":failed")).isEqualTo("earlier_attempt"));
    assertThat(scene.delivery()).containsEntry("status", "sent");
    assertThat(twilio.taken()).hasSize(2);
  }

  private void retry() {
    Api.superAdmin()
        .post("/admin/deliveries/" + scene.delivery().get("id") + "/retry", Map.of())
        .then()
        .statusCode(200);
  }

  @Test
  void aReportWithoutADeliveryIsKnownByItsSid() {
    scene.start("Hello from the shop.").then().statusCode(201);
    var sent = sent();
    requireState("sent", null);

    twilio.post(scene.url() + "/status", RestAssured.port, twilio.status(sent, "delivered", ""));

    requireState("delivered", null);
  }

  @Test
  void invariant8AReportIsForDeliveriesOfItsOwnAgentOnly() {
    scene.start("Hello from the shop.").then().statusCode(201);
    var sent = sent();
    requireState("sent", null);
    var other = scene(Map.of());

    var url = other.url() + "/status?delivery=" + scene.delivery().get("id") + "&attempt=1";
    var fields = twilio.status(sent, "failed", "30008");
    assertThat(twilio.post(url, RestAssured.port, fields).statusCode()).isEqualTo(200);

    soon(() -> assertThat(other.outcome(sent.sid() + ":failed")).isEqualTo("no_such_delivery"));
    assertThat(scene.delivery()).containsEntry("status", "sent");
  }

  @Test
  void aForgedReportIsRefusedAndNotKept() {
    scene.start("Hello from the shop.").then().statusCode(201);
    var sent = sent();
    var url = sent.field("StatusCallback");
    var fields = twilio.status(sent, "failed", "30008");
    var right = twilio.sign(url, fields);

    for (var answer :
        new int[] {
          twilio.post(url, RestAssured.port, fields, "").statusCode(),
          twilio.post(url, RestAssured.port, fields, right + "A").statusCode(),
          twilio
              .post(url.replace("attempt=1", "attempt=2"), RestAssured.port, fields, right)
              .statusCode()
        }) {
      assertThat(answer).isEqualTo(403);
    }
    assertThat(scene.inbound()).isZero();
    assertThat(twilio.post(url, RestAssured.port, Map.of("MessageSid", "x")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void whileTheGatewayIsAwayItWaitsAndThenGoesOnce() {
    twilio.goDown();
    scene.start("Hello from the shop.").then().statusCode(201);
    requireState("queued", "twilio_unreachable");
    scene.start("And another thing.").then().statusCode(201);

    twilio.comeBack();
    var first = scene.deliveries().getFirst().get("id");
    Api.superAdmin().post("/admin/deliveries/" + first + "/retry", Map.of()).then().statusCode(200);

    soon(() -> assertThat(twilio.taken()).hasSize(2));
    soon(() -> assertThat(scene.deliveries()).allMatch(d -> "sent".equals(d.get("status"))));
    assertThat(twilio.taken().stream().map(sent -> sent.field("Body")))
        .containsExactly("Hello from the shop.", "And another thing.");
  }

  @Test
  void aBusyGatewaysPatienceIsGivenToIt() {
    twilio.next(new Answer.Raw(429, Map.of("Retry-After", "300"), new byte[0]));
    var before = Instant.now();
    scene.start("Hello from the shop.").then().statusCode(201);

    requireState("queued", "twilio_rate");
    assertThat(Instant.parse(scene.delivery().get("nextAttemptAt").toString()))
        .isAfterOrEqualTo(before.plusSeconds(299));
  }

  @Test
  void aNumberThatIsNoneIsRefused() {
    twilio.next(FakeTwilio.error(400, 21211));
    scene.start("Hello from the shop.").then().statusCode(201);

    requireState("failed", "twilio_21211");
  }

  @Test
  void anOptOutThatTheGatewayKnowsIsWrittenIntoTheLedger() {
    twilio.next(FakeTwilio.error(400, 21610));
    scene.start("Hello from the shop.").then().statusCode(201);
    requireState("failed", "twilio_21610");

    assertThat(scene.ledger()).containsExactly("opt_out");
    scene.start("Hello again.").then().statusCode(409);
    assertThat(twilio.requests()).hasSize(1);
  }

  @Test
  void anAgentWhoseAccountIsGoneWaitsForIt() {
    twilio.goDown();
    scene.start("Hello from the shop.").then().statusCode(201);
    requireState("queued", "twilio_unreachable");
    Api.organization().delete("/external/agents/" + scene.agentId + "/skills/sms");
    retry();
    requireState("queued", "no_account");

    twilio.comeBack();
    scene.setSkill(Map.of("phoneNumber", scene.number, "twilio", twilio.account()));
    retry();
    requireState("sent", null);
  }

  @Test
  void inQuietHoursWhatTheAgentBeginsWaitsAndRepliesDoNot() {
    scene = scene(Map.of("quietHours", quietNow(false)));
    scene.start("Hello from the shop.").then().statusCode(201);

    requireState("queued", "quiet_hours");
    var next = Instant.parse(scene.delivery().get("nextAttemptAt").toString());
    assertThat(next).isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(2)));
    assertThat(next.getEpochSecond() % 60).isZero();

    var other = scene(Map.of("quietHours", quietNow(false)));
    other.write("When do you open?");
    soon(() -> assertThat(twilio.takenTo(other.person)).hasSize(1));
  }

  @Test
  void inQuietHoursThatAreForRepliesTooRepliesWait() {
    scene = scene(Map.of("quietHours", quietNow(true)));

    scene.write("When do you open?");

    requireState("queued", "quiet_hours");
    assertThat(twilio.taken()).isEmpty();
  }

  @Test
  void quietHoursAreThoseOfTheRecipientsRegion() {
    scene = scene(Map.of("quietHours", quietNow(false)));
    // Not quiet in Berlin, which is six hours ahead, or five for some days of spring and autumn.
    var berlin = "+4930" + Unique.phone().substring(4);

    scene.start(berlin, "Hello from the shop.").then().statusCode(201);

    soon(() -> assertThat(twilio.takenTo(berlin)).hasSize(1));
  }

  /** From an hour ago for two hours, by New York's clock, where the tests' numbers are. */
  private static Map<String, ?> quietNow(boolean includesReplies) {
    var time = DateTimeFormatter.ofPattern("HH:mm");
    var now = Instant.now().atZone(NEW_YORK);
    return Map.of(
        "from", now.minusHours(1).format(time),
        "until", now.plusHours(1).format(time),
        "includesReplies", includesReplies);
  }

  @Test
  void theAnswerOfTheMessageTellsItsDelivery() {
    scene.start("Hello from the shop.").then().statusCode(201);
    requireState("sent", null);

    Api.superAdmin()
        .get("/admin/deliveries?agentId=" + scene.agentId)
        .then()
        .body("data[0].provider", equalTo("twilio"))
        .body("data[0].kind", equalTo("start"))
        .body("data[0].sender", equalTo(scene.number));
  }
}

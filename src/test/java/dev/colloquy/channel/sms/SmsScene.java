package dev.colloquy.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.FakeTwilio;
import dev.colloquy.testing.Unique;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;

/** An agent with a number at a gateway of its own, and a person with a phone. */
final class SmsScene {
  final FakeTwilio twilio;
  final String agentId;
  final String organizationId;
  final Api agent;
  final String number = Unique.phone();
  final String person = Unique.phone();
  private final Database database;
  private final PublicUrl publicUrl;

  SmsScene(
      FakeTwilio twilio,
      Database database,
      PublicUrl publicUrl,
      Map<String, ?> agentFields,
      Map<String, ?> skillFields) {
    this.twilio = twilio;
    this.database = database;
    this.publicUrl = publicUrl;
    var made = Api.createAgent(agentFields);
    agentId = made.path("id");
    organizationId = made.path("organizationId");
    agent = Api.agent(made.path("agentApiKey"));
    var skill = new HashMap<String, Object>(skillFields);
    skill.put("phoneNumber", number);
    skill.put("twilio", twilio.account());
    setSkill(skill);
  }

  void setSkill(Map<String, ?> skill) {
    Api.organization()
        .put("/external/agents/" + agentId + "/skills/sms", skill)
        .then()
        .statusCode(200);
  }

  /** Waits until it is so. */
  static void soon(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(assertion);
  }

  String url() {
    return publicUrl.of("/channels/sms/twilio/" + agentId);
  }

  /** The person writes. */
  Map<String, String> write(String body) {
    var fields = twilio.message(person, number, body);
    receive(fields);
    return fields;
  }

  void receive(Map<String, String> fields) {
    assertThat(post(fields).statusCode()).isEqualTo(200);
  }

  HttpResponse<String> post(Map<String, String> fields) {
    return twilio.post(url(), RestAssured.port, fields);
  }

  /** What became of the message; "" while nothing did. */
  String outcome(Map<String, String> fields) {
    return outcome(fields.get("MessageSid"));
  }

  String outcome(String externalId) {
    return database.read(tx ->
        tx.createQuery(
                "select coalesce(outcome, '') from inbound where external_id = :id"
                    + " and agent_id = cast(:agent as uuid)")
            .bind("id", externalId)
            .bind("agent", agentId)
            .mapTo(String.class)
            .findOne()
            .orElse("none"));
  }

  /** How much of the agent's came in. */
  long inbound() {
    return database.read(tx ->
        tx.createQuery("select count(*) from inbound where agent_id = cast(:agent as uuid)")
            .bind("agent", agentId)
            .mapTo(Long.class)
            .one());
  }

  /** The gateway tells a status, to the address that the message was sent with. */
  HttpResponse<String> tell(FakeTwilio.Sent sent, String status, String errorCode) {
    return twilio.post(
        sent.field("StatusCallback"), RestAssured.port, twilio.status(sent, status, errorCode));
  }

  /** The agent begins. */
  Response start(String introduction) {
    return start(person, introduction);
  }

  Response start(String to, String introduction) {
    return agent.post(
        "/external/conversations/start",
        Map.of(
            "firstName", "Grace",
            "lastName", "Hopper",
            "channel", "sms",
            "phoneNumber", to,
            "smsIntroduction", introduction));
  }

  /** All deliveries of the agent's, oldest first. */
  List<Map<String, Object>> deliveries() {
    List<Map<String, Object>> newestFirst =
        Api.superAdmin().get("/admin/deliveries?pageSize=100&agentId=" + agentId).path("data");
    return newestFirst.reversed().stream()
        .sorted((one, other) -> one.get("id").toString().compareTo(other.get("id").toString()))
        .toList();
  }

  /** The agent's only delivery. */
  Map<String, Object> delivery() {
    assertThat(deliveries()).hasSize(1);
    return deliveries().getFirst();
  }

  List<String> conversations() {
    return agent.get("/external/conversations").path("data.id");
  }

  /** The messages of the agent's only conversation, oldest first, as {@code role: text}. */
  List<String> said() {
    assertThat(conversations()).hasSize(1);
    return said(conversations().getFirst());
  }

  List<String> said(String conversation) {
    return database.read(tx ->
        tx.createQuery(
                "select role || ': ' || text from message"
                    + " where conversation_id = cast(:id as uuid) order by seq")
            .bind("id", conversation)
            .mapTo(String.class)
            .list());
  }

  /** What the ledger says of the person, newest first. */
  List<String> ledger() {
    return Api.superAdmin()
        .request()
        .queryParam("address", person)
        .get("/admin/consents")
        .path("data.action");
  }
}

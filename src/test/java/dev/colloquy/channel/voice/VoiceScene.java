package dev.colloquy.channel.voice;

import static org.awaitility.Awaitility.await;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.FakeRelay;
import dev.colloquy.testing.FakeVapi;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.awaitility.core.ConditionFactory;

/** An agent that makes and takes calls, with a model of its own on the shared stub. */
final class VoiceScene {
  private final Database database;
  private final String model = "model-" + UUID.randomUUID();
  private final Api agent;
  private final String agentId;

  VoiceScene(Database database) {
    this(database, Map.of());
  }

  VoiceScene(Database database, Map<String, ?> fields) {
    this.database = database;
    var all = new HashMap<String, Object>(Map.of("model", "openai:" + model));
    all.putAll(fields);
    var created = Api.createAgent(all).jsonPath();
    agent = Api.agent(created.getString("agentApiKey"));
    agentId = created.getString("id");
  }

  Api agent() {
    return agent;
  }

  String agentId() {
    return agentId;
  }

  String model() {
    return model;
  }

  VoiceScene overVapi(String baseUrl, Map<String, ?> more) {
    var body = new HashMap<String, Object>();
    body.put("provider", "vapi");
    body.put("vApiPhoneNumberId", "number-1");
    body.put(
        "vapi",
        Map.of("apiKey", FakeVapi.API_KEY, "serverSecret", FakeVapi.SECRET, "baseUrl", baseUrl));
    body.putAll(more);
    return skill(body);
  }

  VoiceScene overTwilio(String baseUrl, Map<String, ?> more) {
    var body = new HashMap<String, Object>();
    body.put("provider", "twilio");
    body.put("phoneNumber", Unique.phone());
    body.put(
        "twilio",
        Map.of("accountSid", FakeRelay.ACCOUNT, "authToken", FakeRelay.TOKEN, "baseUrl", baseUrl));
    body.putAll(more);
    return skill(body);
  }

  private VoiceScene skill(Map<String, Object> body) {
    Api.organization()
        .put("/external/agents/" + agentId + "/skills/voice", body)
        .then()
        .statusCode(200);
    return this;
  }

  /** What the model says to this agent. */
  void answers(StubModelServer stub, Function<StubModelServer.Request, ModelAnswer> rule) {
    stub.always(request ->
        request.model().equals(model) ? rule.apply(request) : ModelAnswer.reply("Hello."));
  }

  /** How often the model was asked. */
  long asked(StubModelServer stub) {
    return stub.requests().stream().filter(r -> r.model().equals(model)).count();
  }

  /** Begins a call; the conversation's id. */
  String start(String number, String firstMessage) {
    var answer =
        agent.post(
            "/external/conversations/start",
            Map.of(
                "channel", "voice",
                "firstName", "Grace",
                "lastName", "Hopper",
                "phoneNumber", number,
                "firstMessage", firstMessage));
    answer.then().statusCode(201);
    return answer.path("conversationId");
  }

  void mode(String conversation, String mode) {
    agent
        .put("/external/conversations/" + conversation + "/mode", Map.of("mode", mode))
        .then()
        .statusCode(200);
  }

  /** What was said, as {@code role: text}. */
  List<String> said(String conversation) {
    return database.read(tx ->
        tx.createQuery(
                """
                select case role when 'conversation_user' then 'user' else role end || ': ' || text
                from message where conversation_id = :id order by seq
                """)
            .bind("id", UUID.fromString(conversation))
            .mapTo(String.class)
            .list());
  }

  List<String> turns(String conversation) {
    return database.read(tx ->
        tx.createQuery("select status from turn where conversation_id = :id order by question_seq")
            .bind("id", UUID.fromString(conversation))
            .mapTo(String.class)
            .list());
  }

  /** The conversation's only delivery: its status, with the reason if it has one. */
  String delivery(String conversation) {
    return database.read(tx ->
        tx.createQuery(
                "select concat_ws(' ', status, reason) from delivery where conversation_id = :id")
            .bind("id", UUID.fromString(conversation))
            .mapTo(String.class)
            .one());
  }

  /** The conversation's newest call. */
  Map<String, Object> call(String conversation) {
    return database.read(tx ->
        tx.createQuery(
                """
                select cast(id as text) as id, external_id, direction, status, ended_reason,
                       recording_url, seconds, provider
                from voice_call where conversation_id = :id order by id desc limit 1
                """)
            .bind("id", UUID.fromString(conversation))
            .mapToMap()
            .one());
  }

  /** How many of the agent's conversations there are. */
  List<String> conversations() {
    return database.read(tx ->
        tx.createQuery("select cast(id as text) from conversation where agent_id = :id order by id")
            .bind("id", UUID.fromString(agentId))
            .mapTo(String.class)
            .list());
  }

  /** Waits until nothing that came in for the agent is still to be handled. */
  void handled() {
    soon()
        .until(() ->
            database.read(tx ->
                tx.createQuery(
                        "select count(*) = 0 from inbound"
                            + " where agent_id = :id and status = 'received'")
                    .bind("id", UUID.fromString(agentId))
                    .mapTo(Boolean.class)
                    .one()));
  }

  List<String> inbound() {
    return database.read(tx ->
        tx.createQuery(
                "select status || ' ' || outcome from inbound where agent_id = :id order by id")
            .bind("id", UUID.fromString(agentId))
            .mapTo(String.class)
            .list());
  }

  static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
  }
}

package dev.colloquy.turn;

import static org.awaitility.Awaitility.await;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.StubModelServer;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.awaitility.core.ConditionFactory;

/** An agent with a model of its own on the shared stub, and what tests of turns ask about it. */
final class Scene {
  private final Database database;
  private final String model = "model-" + UUID.randomUUID();
  private final Api agent;
  private final String agentId;
  private final KeyOwner.OfAgent owner;

  Scene(Database database) {
    this(database, Map.of());
  }

  /** With these fields of the agent. */
  Scene(Database database, Map<String, ?> fields) {
    this.database = database;
    var all = new HashMap<String, Object>(Map.of("model", "openai:" + model));
    all.putAll(fields);
    var created = Api.createAgent(all).jsonPath();
    agent = Api.agent(created.getString("agentApiKey"));
    agentId = created.getString("id");
    owner =
        new KeyOwner.OfAgent(
            AgentId.fromString(agentId),
            OrganizationId.fromString(created.getString("organizationId")));
  }

  Api agent() {
    return agent;
  }

  /** The agent, as the holder of its key. */
  KeyOwner.OfAgent owner() {
    return owner;
  }

  String agentId() {
    return agentId;
  }

  String model() {
    return model;
  }

  /** What the stub does for this agent; everybody else gets a greeting. */
  void answers(StubModelServer stub, Function<StubModelServer.Request, ModelAnswer> rule) {
    stub.always(request ->
        request.model().equals(model) ? rule.apply(request) : ModelAnswer.reply("Hello."));
  }

  /** The question of a request to the stub: what stands last. */
  static String question(StubModelServer.Request request) {
    var messages = request.body().path("messages");
    return messages.get(messages.size() - 1).path("content").asText();
  }

  Response async(String conversation, String message) {
    return agent.post(
        "/external/conversations/" + conversation + "/messages/async", Map.of("message", message));
  }

  Response mode(String conversation, String mode) {
    return agent.put("/external/conversations/" + conversation + "/mode", Map.of("mode", mode));
  }

  Response manual(String conversation, Map<String, ?> body) {
    return agent.post("/external/conversations/" + conversation + "/send-manual-message", body);
  }

  Response responseOn(String conversation, String question) {
    return agent.get(
        "/external/conversations/" + conversation + "/messages/" + question + "/response-on");
  }

  String status(String conversation, String question) {
    return responseOn(conversation, question).jsonPath().getString("status");
  }

  /** Messages of a role, in order. */
  List<String> texts(String conversation, String role) {
    return database.read(tx ->
        tx.createQuery(
                """
                select text from message
                where conversation_id = :conversation and role = :role
                order by seq
                """)
            .bind("conversation", UUID.fromString(conversation))
            .bind("role", role)
            .mapTo(String.class)
            .list());
  }

  /** The id of the conversation's first message of that text. */
  String idOf(String conversation, String text) {
    return database.read(tx ->
        tx.createQuery(
                """
                select cast(id as text) from message
                where conversation_id = :conversation and text = :text
                order by seq limit 1
                """)
            .bind("conversation", UUID.fromString(conversation))
            .bind("text", text)
            .mapTo(String.class)
            .one());
  }

  /** The status of the conversation's turns, in order. */
  List<String> turns(String conversation) {
    return database.read(tx ->
        tx.createQuery("select status from turn where conversation_id = :id order by question_seq")
            .bind("id", UUID.fromString(conversation))
            .mapTo(String.class)
            .list());
  }

  long count(String sql) {
    return database.read(tx -> tx.createQuery(sql).mapTo(Long.class).one());
  }

  /** Waits as long as a busy machine may need, and no longer. */
  static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
  }
}

package dev.colloquy.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.OtherOrganization;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ServerTest
class AgentResourceTest {
  private static final String AGENTS = "/external/agents";
  private static final String ROLES = "/external/agent-roles/by-api-key";

  @Inject Database database;
  @Inject ApiKeys keys;
  StubModelServer model;
  private final Api organization = Api.organization();

  private Map<String, Object> body(Map<String, ?> fields) {
    var body = new HashMap<String, Object>();
    body.put("roleId", organization.get(ROLES).path("[0].id"));
    body.put("name", "Support");
    body.put("publicName", "Ada");
    body.put("outputJsonSchema", "");
    body.put("tags", List.of());
    body.putAll(fields);
    return body;
  }

  private Response create(Map<String, ?> fields) {
    return organization.post(AGENTS, body(fields));
  }

  private Response update(String id, Map<String, ?> fields) {
    return organization.put(AGENTS + "/" + id, fields);
  }

  @Test
  void anAgentIsMadeWithTheDefaultsOfTheContract() {
    var made = create(Map.of("description", "", "instructions", "", "model", ""));

    made.then()
        .statusCode(201)
        .body("id", matchesPattern("[0-9a-f-]{36}"))
        .body("organizationName", equalTo("Demo"))
        .body("name", equalTo("Support"))
        .body("publicName", equalTo("Ada"))
        .body("role", equalTo("Assistant"))
        .body("vectorStoreId", matchesPattern("vs_.+"))
        .body("status", equalTo("active"))
        .body("tags", equalTo(List.of()))
        .body("restrictDocumentsToOwnerOnly", equalTo(false))
        .body("agentApiKey", matchesPattern("cq_agent_.{43,}"))
        .body("skills.systemName", contains("API", "SCORING"))
        .body("skills.status", contains("active", "active"))
        .body("skills[0].apiKey", matchesPattern("[0-9a-f-]{36}"))
        .body("aiConfig.model", matchesPattern("[a-z]+:.+"))
        .body("aiConfig.temperature", equalTo(1.0f))
        .body("aiConfig.topP", equalTo(1.0f))
        .body("aiConfig.instructions", equalTo(""))
        .body("aiConfig.isCodeInterpreterEnabled", equalTo(false))
        .body("aiConfig.isFileSearchEnabled", equalTo(true))
        .body("aiConfig.fileSearchMaxNumResults", equalTo(10))
        .body("aiConfig.isOutputJsonSchemaEnabled", equalTo(false))
        .body("aiConfig.outputJsonSchema", equalTo(""));
    assertThat(made.<Map<String, Object>>path("$")).doesNotContainKeys("description", "avatarUrl");
    assertThat(made.<Map<String, Object>>path("aiConfig"))
        .doesNotContainKeys("reasoningEffort", "reasoningMode", "fallbackModel");
  }

  @Test
  void itsKeyWorksAtOnceAndIsNeverShownAgain() {
    var made = create(Map.of());
    String key = made.path("agentApiKey");

    var own = Api.agent(key).get(AGENTS + "/by-api-key");

    var expected = new HashMap<>(made.<Map<String, Object>>path("$"));
    expected.remove("agentApiKey");
    own.then().statusCode(200).body("", equalTo(expected));
    update(made.path("id"), Map.of()).then().statusCode(200).body("", equalTo(expected));
    assertThat(own.asString()).doesNotContain(key);
  }

  @Test
  void withoutTheApiSkillThereIsNoKey() {
    var made = create(Map.of("isApiSkillEnabled", false));
    made.then().statusCode(201).body("skills.systemName", contains("SCORING"));
    assertThat(made.<Map<String, Object>>path("$")).doesNotContainKey("agentApiKey");
  }

  private static final String SCHEMA = "{\"type\":\"object\"}";

  private static Map<String, Object> everything() {
    var all = new HashMap<String, Object>();
    all.putAll(Map.of("name", "Sales", "publicName", "Eve", "description", "Sells ships."));
    all.putAll(Map.of("tags", List.of("a", "b"), "avatarUrl", "https://example.com/a.png"));
    all.putAll(Map.of("backgroundUrl", "https://example.com/b.png", "status", "draft"));
    all.putAll(Map.of("instructions", "Be brief.", "model", "anthropic:some-model"));
    all.putAll(Map.of("fallbackModel", "openai:other", "topP", 0.5f, "temperature", 0.25f));
    all.putAll(Map.of("reasoningEffort", "xhigh", "reasoningMode", "pro"));
    all.putAll(Map.of("defaultErrorMessage", "Try later.", "isFileSearchEnabled", false));
    all.putAll(Map.of("isCodeInterpreterEnabled", true, "fileSearchMaxNumResults", 7));
    all.putAll(Map.of("isOutputJsonSchemaEnabled", true, "outputJsonSchema", SCHEMA));
    all.putAll(Map.of("restrictDocumentsToOwnerOnly", true, "scoringPrompt", "Be strict."));
    all.putAll(Map.of("idleTimeSeconds", 60, "turnsInFlight", 9));
    return all;
  }

  private static void assertShown(Response agent, Map<String, Object> fields) {
    var config = agent.<Map<String, Object>>path("aiConfig");
    var skills = agent.<Map<String, Object>>path("skills.find { it.systemName == 'SCORING' }");
    fields.forEach((field, value) -> {
      var top = agent.<Map<String, Object>>path("$");
      var holder = top.containsKey(field) ? top : config.containsKey(field) ? config : skills;
      assertThat(holder).as(field).containsEntry(field, value);
    });
  }

  @Test
  void everyFieldOfAnUpdateIsKeptAndShown() {
    var made = create(Map.of());
    var all = everything();

    update(made.path("id"), all).then().statusCode(200);

    var own = Api.agent(made.path("agentApiKey")).get(AGENTS + "/by-api-key");
    assertShown(own, all);
    update(made.path("id"), Map.of("name", "", "tags", List.of())).then().statusCode(200);
    all.put("tags", List.of());
    assertShown(Api.agent(made.path("agentApiKey")).get(AGENTS + "/by-api-key"), all);
  }

  @Test
  void everyFieldOfACreationIsKeptAndShown() {
    var all = everything();
    List.of("avatarUrl", "backgroundUrl", "status").forEach(all::remove);

    var made = create(all);

    made.then().statusCode(201);
    assertShown(made, all);
  }

  @ParameterizedTest
  @CsvSource({
    "temperature,-0.1",
    "temperature,2.1",
    "topP,1.1",
    "topP,-1",
    "fileSearchMaxNumResults,0",
    "fileSearchMaxNumResults,51",
    "idleTimeSeconds,0",
    "turnsInFlight,0"
  })
  void aNumberOutOfRangeIsRefusedNamingIt(String field, double value) {
    Object number = value == Math.rint(value) ? (Object) (int) value : value;
    Expect.badField(create(Map.of(field, number)), field);
    String id = create(Map.of()).path("id");
    Expect.badField(update(id, Map.of(field, number)), field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "reasoningEffort", "reasoningMode"})
  void aValueThatIsNotListedIsRefusedNamingItsField(String field) {
    String id = create(Map.of()).path("id");
    Expect.badField(update(id, Map.of(field, "extreme")), field);
  }

  @Test
  void whatIsRequiredIsAskedForByName() {
    for (var field : List.of("roleId", "name", "publicName")) {
      Expect.badField(create(Map.of(field, "")), field);
    }
    Expect.badField(create(Map.of("name", "n".repeat(256))), "name");
    Expect.badField(create(Map.of("tags", "a")), "tags");
  }

  @Test
  void anUnknownProviderIsRefusedByName() {
    for (var field : List.of("model", "fallbackModel")) {
      var refused = create(Map.of(field, "nobody:model"));
      Expect.badField(refused, field);
      refused.then().body("details[0].message", containsString("nobody"));
      String id = create(Map.of()).path("id");
      Expect.badField(update(id, Map.of(field, "nobody:model")), field);
    }
  }

  /** Its provider was taken out of the configuration since. */
  @Test
  void aChangeOfSomethingElseLeavesAModelThatCouldNotBeSetNow() {
    String id = Api.createAgent(Map.of()).path("id");
    database.useTransaction(tx ->
        tx.createUpdate(
                "update agent set model = 'gone:m', fallback_model = 'gone:f' where id = :id")
            .bind("id", UUID.fromString(id))
            .execute());

    organization
        .put(AGENTS + "/" + id, Map.of("description", "Told"))
        .then()
        .statusCode(200)
        .body("description", equalTo("Told"))
        .body("aiConfig.model", equalTo("gone:m"));
    Expect.badField(organization.put(AGENTS + "/" + id, Map.of("model", "gone:m")), "model");
  }

  @Test
  void aBareModelNameMeansTheDefaultProvider() {
    var bare = Unique.word();
    var agent = Api.newAgent(Map.of("model", bare));
    agent.get(AGENTS + "/by-api-key").then().body("aiConfig.model", equalTo(bare));

    agent.send(agent.newConversation(), "Hello?").then().statusCode(201);

    assertThat(model.requests()).anyMatch(request -> request.model().equals(bare));
  }

  @Test
  void aRoleMustBeTheOrganizationsOwn() {
    var other = OtherOrganization.create(database, keys);
    Expect.notFound(create(Map.of("roleId", UUID.randomUUID().toString())));
    Expect.notFound(create(Map.of("roleId", "abc")));
    Expect.notFound(create(Map.of("roleId", other.role().toString())));
  }

  @Test
  void theOrganizationsRolesAreListed() {
    var roles = organization.get(ROLES);
    roles.then().statusCode(200).body("name", contains("Assistant"));
    assertThat(roles.<Map<String, Object>>path("[0]"))
        .containsOnlyKeys("id", "name", "description");
  }

  @Test
  void aSchemaIsNeededWhereOneIsEnabledAndMustBeAnObject() {
    Expect.badField(create(Map.of("isOutputJsonSchemaEnabled", true)), "outputJsonSchema");
    for (var schema : List.of("[]", "5", "{", "null", "not json")) {
      Expect.badField(create(Map.of("outputJsonSchema", schema)), "outputJsonSchema");
    }
    var made = create(Map.of("outputJsonSchema", SCHEMA));
    made.then().statusCode(201).body("aiConfig.outputJsonSchema", equalTo(SCHEMA));
    update(made.path("id"), Map.of("isOutputJsonSchemaEnabled", true)).then().statusCode(200);
  }

  @Test
  void anotherOrganizationsAgentIsNotFound() {
    var other = OtherOrganization.create(database, keys);
    String id = other.agent().get(AGENTS + "/by-api-key").path("id");
    Expect.notFound(update(id, Map.of("name", "Mine")));
    Expect.notFound(update(UUID.randomUUID().toString(), Map.of("name", "Mine")));
    Expect.notFound(update("abc", Map.of("name", "Mine")));
    other.agent().get(AGENTS + "/by-api-key").then().body("name", equalTo("Other agent"));
  }

  @Test
  void newInstructionsAndANewModelAreUsedByTheNextTurn() {
    var first = Unique.word();
    var second = Unique.word();
    var made = create(Map.of("model", "openai:" + first, "instructions", "Speak of ships."));
    var agent = Api.agent(made.path("agentApiKey"));
    var conversation = agent.newConversation();
    agent.send(conversation, "Hello?").then().statusCode(201);

    update(made.path("id"), Map.of("model", "openai:" + second, "instructions", "Speak of trains."))
        .then()
        .statusCode(200);
    agent.send(conversation, "Hello?").then().statusCode(201);

    assertThat(told(first)).contains("Speak of ships.").doesNotContain("Speak of trains.");
    assertThat(told(second)).contains("Speak of trains.").doesNotContain("Speak of ships.");
  }

  private String told(String modelName) {
    return model.requests().stream()
        .filter(request -> request.model().equals(modelName))
        .findFirst()
        .orElseThrow()
        .body()
        .toString();
  }

  @Test
  void anInactiveAgentTakesNoMessages() {
    var made = create(Map.of("model", "openai:stub"));
    var agent = Api.agent(made.path("agentApiKey"));
    var conversation = agent.newConversation();
    update(made.path("id"), Map.of("status", "inactive")).then().statusCode(200);

    agent
        .send(conversation, "Hello?")
        .then()
        .statusCode(409)
        .body("details.field", contains("agent"));

    agent
        .get("/external/conversations/" + conversation + "/messages")
        .then()
        .body("messages", equalTo(List.of()));
  }
}

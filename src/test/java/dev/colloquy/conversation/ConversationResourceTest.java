package dev.colloquy.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ServerTest
class ConversationResourceTest {
  private static final String CONVERSATIONS = "/external/conversations";
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  @Inject Database database;
  @Inject ApiKeys keys;
  StubModelServer model;
  private Api agent;
  private String name;

  @BeforeEach
  void makeAgent() {
    name = Unique.word();
    agent = Api.newAgent(Map.of("model", "openai:" + name));
  }

  private Response create(String user, Map<String, ?> fields) {
    var body = new HashMap<String, Object>(fields);
    body.put("conversationUserId", user);
    return agent.post(CONVERSATIONS, body);
  }

  private Response get(String id) {
    return agent.get(CONVERSATIONS + "/" + id);
  }

  private Response put(String id, Map<String, ?> fields) {
    return agent.put(CONVERSATIONS + "/" + id, fields);
  }

  private String complete() {
    return agent.get(CONVERSATIONS + "/states").path("find { it.name == 'complete' }.id");
  }

  /** What the model was told before this agent's newest question. */
  private String lastPrompt() {
    return model.requests().stream()
        .filter(request -> request.model().equals(name))
        .toList()
        .getLast()
        .body()
        .toString();
  }

  @Test
  void aConversationIsMadeWithNothingButItsUserAndShownToBothGenerations() {
    var user = agent.newUser();

    var made = create(user, Map.of());

    made.then()
        .statusCode(201)
        .body("id", matchesPattern("[0-9a-f-]{36}"))
        .body("aiConversationId", matchesPattern("conv_[0-9a-f]+"))
        .body("threadId", equalTo(made.path("aiConversationId")))
        .body("conversationUserId", equalTo(user))
        .body("user", equalTo(agent.get("/external/users/" + user).path("$")))
        .body("mode", equalTo("ai"))
        .body("createdAt", matchesPattern(TIME))
        .body("updatedAt", equalTo(made.path("createdAt")))
        .body("isAnonymized", equalTo(false));
    assertThat(made.<Map<String, Object>>path("$"))
        .containsOnlyKeys(
            "id",
            "conversationUserId",
            "aiConversationId",
            "threadId",
            "mode",
            "status",
            "channel",
            "user",
            "createdAt",
            "updatedAt",
            "isAnonymized");
    var shown = new HashMap<>(made.<Map<String, Object>>path("$"));
    shown.put("feedbacks", List.of());
    get(made.path("id")).then().statusCode(200).body("", equalTo(shown));
  }

  @Test
  void everyFieldOfANewConversationIsKept() {
    var data = Map.of("order", Map.of("number", 4711), "urgent", true);
    var body =
        Map.of(
            "title",
            "Order 4711",
            "context",
            "It was sent on Monday.",
            "customData",
            data,
            "conversationStateId",
            complete(),
            "unknown",
            1);

    var made = create(agent.newUser(), body);

    made.then()
        .statusCode(201)
        .body("title", equalTo("Order 4711"))
        .body("metadata", equalTo(data))
        .body("conversationStateId", equalTo(body.get("conversationStateId")));
    agent.send(made.path("id"), "Where is it?").then().statusCode(201);
    assertThat(lastPrompt()).contains("It was sent on Monday.");
  }

  @Test
  void aConversationWithAUserOrStateThatIsNotThereIsNotFound() {
    var other = OtherOrganization.create(database, keys);
    var user = agent.newUser();

    Expect.notFound(create(UUID.randomUUID().toString(), Map.of()));
    Expect.notFound(create("abc", Map.of()));
    Expect.notFound(create(other.agent().newUser(), Map.of()));
    Expect.notFound(create(user, Map.of("conversationStateId", UUID.randomUUID().toString())));
    Expect.notFound(create(user, Map.of("conversationStateId", "abc")));
    Expect.notFound(create(user, Map.of("conversationStateId", other.state().toString())));
    create(user, Map.of("conversationStateId", "", "title", "", "context", ""))
        .then()
        .statusCode(201);
    Expect.badField(agent.post(CONVERSATIONS, Map.of()), "conversationUserId");
  }

  @Test
  void titleAndContextHaveLimits() {
    var user = agent.newUser();
    var id = create(user, Map.of("title", "t".repeat(255), "context", "c".repeat(256_000)));
    id.then().statusCode(201).body("title", equalTo("t".repeat(255)));

    Expect.badField(create(user, Map.of("title", "t".repeat(256))), "title");
    Expect.badField(create(user, Map.of("context", "c".repeat(256_001))), "context");
    Expect.badField(put(id.path("id"), Map.of("title", "t".repeat(256))), "title");
    Expect.badField(put(id.path("id"), Map.of("context", "c".repeat(256_001))), "context");
  }

  @Test
  void anUpdateChangesWhatItNamesAndNothingElse() {
    var id = agent.newConversation();
    var before = get(id).<Map<String, Object>>path("$");

    put(id, Map.of("title", "Order 4711", "context", "About ships."))
        .then()
        .statusCode(200)
        .body("title", equalTo("Order 4711"));
    var state = complete();
    put(id, Map.of("conversationStateId", state, "status", "inactive", "title", ""))
        .then()
        .statusCode(200)
        .body("title", equalTo("Order 4711"))
        .body("conversationStateId", equalTo(state))
        .body("status", equalTo("inactive"))
        .body("mode", equalTo("ai"));

    var after = new HashMap<>(get(id).<Map<String, Object>>path("$"));
    assertThat(after.remove("updatedAt").toString())
        .isGreaterThan(before.get("updatedAt").toString());
    var expected = new HashMap<>(before);
    expected.putAll(
        Map.of("title", "Order 4711", "conversationStateId", state, "status", "inactive"));
    expected.remove("updatedAt");
    assertThat(after).isEqualTo(expected);
    agent.send(id, "Hello?").then().statusCode(201);
    assertThat(lastPrompt()).contains("About ships.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"active", "inactive", "archived"})
  void everyStatusCanBeSet(String status) {
    put(agent.newConversation(), Map.of("status", status))
        .then()
        .statusCode(200)
        .body("status", equalTo(status));
  }

  @Test
  void whatAnUpdateCannotBeIsRefusedAndChangesNothing() {
    var other = OtherOrganization.create(database, keys);
    var id = agent.newConversation();

    Expect.badField(put(id, Map.of("title", "No", "status", "closed")), "status");
    Expect.badField(put(id, Map.of("title", "No", "mode", "human")), "mode");
    Expect.badField(put(id, Map.of("title", 5)), "title");
    Expect.notFound(put(id, Map.of("title", "No", "conversationStateId", "abc")));
    Expect.notFound(
        put(id, Map.of("title", "No", "conversationStateId", other.state().toString())));
    Expect.notFound(put(UUID.randomUUID().toString(), Map.of("title", "No")));
    assertThat(get(id).<Map<String, Object>>path("$")).doesNotContainKey("title");
  }

  @Test
  void theFirstGenerationTakesOverByPutAndTheSecondByMode() {
    var id = agent.newConversation();

    put(id, Map.of("mode", "manual")).then().statusCode(200).body("mode", equalTo("manual"));
    get(id).then().body("mode", equalTo("manual"));
    agent
        .put(CONVERSATIONS + "/" + id + "/mode", Map.of("mode", "ai"))
        .then()
        .statusCode(200)
        .body("mode", equalTo("ai"))
        .body("threadId", equalTo(get(id).path("aiConversationId")));
    agent
        .put(CONVERSATIONS + "/" + id + "/mode", Map.of())
        .then()
        .statusCode(200)
        .body("mode", equalTo("ai"));
    Expect.badField(agent.put(CONVERSATIONS + "/" + id + "/mode", Map.of("mode", "x")), "mode");
    Expect.notFound(agent.put(CONVERSATIONS + "/abc/mode", Map.of("mode", "ai")));
  }

  @Test
  void theStatesAreTheOrganizationsAndCompleteIsBuiltIn() {
    var other = OtherOrganization.create(database, keys);
    var states = agent.get(CONVERSATIONS + "/states");

    states
        .then()
        .statusCode(200)
        .body("name", hasItem("complete"))
        .body("find { it.name == 'complete' }.isPersistent", equalTo(true))
        .body("find { it.name == 'complete' }.createdAt", matchesPattern(TIME));
    assertThat(states.<Map<String, Object>>path("[0]"))
        .containsOnlyKeys(
            "id", "name", "description", "color", "isPersistent", "createdAt", "updatedAt");
    other
        .agent()
        .get(CONVERSATIONS + "/states")
        .then()
        .body("id", contains(other.state().toString()));
  }

  @Test
  void theAssignedPersonIsShownWithoutWhatThatPersonDoesNotHave() {
    var id = agent.newConversation();
    var organization =
        UUID.fromString(agent.get("/external/agents/by-api-key").path("organizationId"));
    var person =
        database.inTransaction(tx -> {
          var made = OtherOrganization.platformUser(tx, organization);
          tx.createUpdate("update conversation set assigned_user_id = :person where id = :id")
              .bind("person", made)
              .bind("id", UUID.fromString(id))
              .execute();
          return made.toString();
        });

    get(id)
        .then()
        .body(
            "assignedUser",
            equalTo(
                Map.of(
                    "id",
                    person,
                    "firstName",
                    "Ada",
                    "lastName",
                    "Lovelace",
                    "email",
                    "ada." + person + "@example.com",
                    "phoneNumber",
                    "+12125550100")));
  }

  @Test
  void oneConversationIsDeletedWithAllThatWasSaid() {
    var user = agent.newUser();
    var kept = agent.newConversation(user);
    var id = agent.newConversation(user);
    agent.send(id, "Hello?").then().statusCode(201);

    Expect.gone(agent.delete(CONVERSATIONS + "/" + id));

    Expect.notFound(get(id));
    Expect.notFound(agent.get(CONVERSATIONS + "/" + id + "/messages"));
    Expect.notFound(agent.delete(CONVERSATIONS + "/" + id));
    agent.get(CONVERSATIONS).then().body("data.id", contains(kept)).body("totalItems", equalTo(1));
    database.useTransaction(tx -> {
      for (var table : List.of("message", "turn", "conversation_activity")) {
        var left =
            tx.createQuery("select count(*) from <table> where conversation_id = :id")
                .define("table", table)
                .bind("id", UUID.fromString(id))
                .mapTo(Long.class)
                .one();
        assertThat(left).as(table).isZero();
      }
    });
  }

  @Test
  void deletingAUsersConversationsLeavesThoseOfOtherAgentsAndUsers() {
    var user = agent.newUser();
    var others = agent.newConversation();
    agent.newConversation(user);
    agent.newConversation(user);
    var colleague = Api.newAgent();
    var theirs = colleague.newConversation(user);

    Expect.gone(agent.delete(CONVERSATIONS, Map.of("conversationUserId", user)));

    agent.get(CONVERSATIONS).then().body("data.id", contains(others));
    agent.get("/external/users/" + user).then().statusCode(200);
    colleague.get(CONVERSATIONS + "/" + theirs).then().statusCode(200);
    Expect.gone(agent.delete(CONVERSATIONS, Map.of("conversationUserId", user)));
    Expect.notFound(agent.delete(CONVERSATIONS, Map.of("conversationUserId", "abc")));
    Expect.badField(agent.delete(CONVERSATIONS, Map.of()), "conversationUserId");
  }

  @Test
  void anotherAgentsConversationIsLikeNone() {
    var id = Api.newAgent().newConversation();

    Expect.notFound(get(id));
    Expect.notFound(put(id, Map.of("title", "Mine")));
    Expect.notFound(agent.put(CONVERSATIONS + "/" + id + "/mode", Map.of("mode", "manual")));
    Expect.notFound(agent.delete(CONVERSATIONS + "/" + id));
    Expect.notFound(agent.get(CONVERSATIONS + "/" + id + "/messages"));
    agent.get(CONVERSATIONS).then().body("data", empty());
  }

  @Test
  void aConversationDeletedWhileItsAgentAnswersIsGoneAtOnce() {
    var id = agent.newConversation();
    agent.post(CONVERSATIONS + "/" + id + "/messages/async", Map.of("message", "Hello?"));

    Expect.gone(agent.delete(CONVERSATIONS + "/" + id));

    Expect.notFound(get(id));
    assertThat(agent.get(CONVERSATIONS).asString()).doesNotContain(id);
  }
}

package dev.colloquy.idempotency;

import static dev.colloquy.idempotency.Repeats.delete;
import static dev.colloquy.idempotency.Repeats.done;
import static dev.colloquy.idempotency.Repeats.isReplayOf;
import static dev.colloquy.idempotency.Repeats.key;
import static dev.colloquy.idempotency.Repeats.post;
import static dev.colloquy.idempotency.Repeats.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariant 7: the same request has one effect and one answer. */
@ServerTest
class RepeatedRequestTest {
  @Inject Database database;

  private Api agent;

  @BeforeEach
  void make() {
    agent = Api.newAgent();
  }

  private int count(String sql, String id) {
    return database.read(
        tx -> tx.createQuery(sql).bind("id", UUID.fromString(id)).mapTo(Integer.class).one());
  }

  private int conversations(String user) {
    return count("select count(*) from conversation where user_id = :id", user);
  }

  private static void isReused(Response answer) {
    answer
        .then()
        .statusCode(422)
        .body("message", equalTo("IDEMPOTENCY_KEY_REUSED"))
        .body("details[0].field", equalTo("Idempotency-Key"));
    assertThat(answer.header(Idempotency.REPLAYED)).isNull();
  }

  @Test
  void invariant7AUserIsMadeOnce() {
    var key = key();
    var body = Map.of("firstName", "Zoë", "lastName", "Ω", "fkId", key());
    var first = done(post(agent, key, "/external/users", body), 201);
    isReplayOf(first, post(agent, key, "/external/users", body));
    isReplayOf(first, post(agent, key, "/external/users", body));
    // Without the key, or with another, it is a second user with the same fkId.
    agent.post("/external/users", body).then().statusCode(400);
    post(agent, key(), "/external/users", body).then().statusCode(400);
  }

  @Test
  void invariant7AConversationIsOpenedOnce() {
    var user = agent.newUser();
    var key = key();
    var body = Map.of("conversationUserId", user);
    var first = done(post(agent, key, "/external/conversations", body), 201);
    isReplayOf(first, post(agent, key, "/external/conversations", body));
    assertThat(conversations(user)).isEqualTo(1);
    done(post(agent, key(), "/external/conversations", body), 201);
    assertThat(conversations(user)).isEqualTo(2);
  }

  @Test
  void invariant7WhatIsDeletedStaysDeletedAndIsAnsweredAsAtFirst() {
    var path = "/external/conversations/" + agent.newConversation();
    var key = key();
    var first = done(delete(agent, key, path), 204);
    var second = delete(agent, key, path);
    isReplayOf(first, second);
    Expect.gone(second);
    Expect.notFound(delete(agent, key(), path));
  }

  @Test
  void invariant7ATakeOverIsNotRepeatedOverALaterHandBack() {
    var path = "/external/conversations/" + agent.newConversation() + "/mode";
    var key = key();
    var first = done(put(agent, key, path, Map.of("mode", "manual")), 200);
    done(put(agent, key(), path, Map.of("mode", "ai")), 200);
    isReplayOf(first, put(agent, key, path, Map.of("mode", "manual")));
    agent.get(path.replace("/mode", "")).then().body("mode", equalTo("ai"));
  }

  @Test
  void invariant7APersonsMessageIsStoredAndSentOnce() {
    var start =
        Map.of(
            "channel", "email",
            "firstName", "Grace",
            "lastName", "Hopper",
            "email", key() + "@example.com",
            "emailSubject", "Hello",
            "emailIntroduction", "Hello, Grace.");
    var startKey = key();
    var started = done(post(agent, startKey, "/external/conversations/start", start), 201);
    isReplayOf(started, post(agent, startKey, "/external/conversations/start", start));
    String conversation = started.path("conversationId");
    assertThat(deliveries(conversation)).isEqualTo(1);
    assertThat(messages(conversation)).isEqualTo(1);

    var path = "/external/conversations/" + conversation;
    agent.put(path + "/mode", Map.of("mode", "manual")).then().statusCode(200);
    var key = key();
    var body = Map.of("message", "This is Ada.");
    var first = done(post(agent, key, path + "/send-manual-message", body), 200);
    isReplayOf(first, post(agent, key, path + "/send-manual-message", body));
    assertThat(deliveries(conversation)).isEqualTo(2);
    assertThat(messages(conversation)).isEqualTo(2);
  }

  private int deliveries(String conversation) {
    return count("select count(*) from delivery where conversation_id = :id", conversation);
  }

  private int messages(String conversation) {
    return count("select count(*) from message where conversation_id = :id", conversation);
  }

  @Test
  void invariant7FeedbackIsGivenOnce() {
    var user = agent.newUser();
    var conversation = agent.newConversation(user);
    String message = agent.send(conversation, "When do you open?").path("conversationMessageId");
    var key = key();
    var path = "/external/conversation-message-feedbacks";
    var up =
        Map.of(
            "conversationMessageId",
            message,
            "userId",
            user,
            "voteType",
            "up",
            "question",
            "When?");
    var first = done(post(agent, key, path, up), 201);
    var down =
        Map.of(
            "conversationMessageId",
            message,
            "userId",
            user,
            "voteType",
            "down",
            "question",
            "When?");
    done(post(agent, key(), path, down), 201);
    isReplayOf(first, post(agent, key, path, up));
    agent
        .get("/external/conversations/" + conversation)
        .then()
        .body("feedbacks[0].voteType", equalTo("down"));
  }

  @Test
  void anotherBodyOrQueryUnderTheKeyIsRefused() {
    var user = agent.newUser();
    var key = key();
    var path = "/external/conversations";
    done(post(agent, key, path, "{\"conversationUserId\":\"" + user + "\"}"), 201);
    isReused(post(agent, key, path, "{\"conversationUserId\": \"" + user + "\"}"));
    isReused(post(agent, key, path, Map.of("conversationUserId", user, "title", "Another")));
    isReused(post(agent, key, path + "?a=b", "{\"conversationUserId\":\"" + user + "\"}"));
    assertThat(conversations(user)).isEqualTo(1);
  }

  @Test
  void theKeyIsOneOwnersAndOneMethodsAndOnePaths() {
    var user = agent.newUser();
    var key = key();
    var body = Map.of("conversationUserId", user);
    var first = done(post(agent, key, "/external/conversations", body), 201);
    // Another agent of the organization.
    done(post(Api.newAgent(), key, "/external/conversations", body), 201);
    var one = "/external/conversations/" + first.path("id");
    var two = "/external/conversations/" + agent.newConversation(user);
    done(put(agent, key, one + "/mode", Map.of("mode", "manual")), 200);
    done(put(agent, key, two + "/mode", Map.of("mode", "manual")), 200);
    done(put(agent, key, one, Map.of("title", "A title")), 200);
    done(delete(agent, key, one), 204);
    done(delete(agent, key, two), 204);
  }

  @Test
  void aKeyThatIsTooLongEmptyTwofoldOrNotVisibleAsciiIsRefused() {
    var path = "/external/conversations";
    var body = Map.of("conversationUserId", agent.newUser());
    for (var wrong : new String[] {"k".repeat(256), "", "two words", "tab\tbed", "caf\u00e9"}) {
      Expect.badField(post(agent, wrong, path, body), "Idempotency-Key");
    }
    var twofold =
        agent.request().header("Idempotency-Key", "one", "two").contentType("application/json");
    Expect.badField(twofold.body(body).post(path), "Idempotency-Key");
    done(post(agent, "k".repeat(255), path, body), 201);
    done(post(agent, "\"!~,:{}", path, body), 201);
  }

  @Test
  void aKeyMeansNothingToARead() {
    var path = "/external/conversations/" + agent.newConversation();
    var key = key();
    var before = agent.request().header("Idempotency-Key", key).get(path);
    done(before, 200);
    agent.put(path, Map.of("title", "Later")).then().statusCode(200);
    var after = done(agent.request().header("Idempotency-Key", key).get(path), 200);
    assertThat(after.<String>path("title")).isEqualTo("Later");
    done(agent.request().header("Idempotency-Key", "no key at all").get(path), 200);
  }

  @Test
  void aRequestThatStoredNothingIsNotRemembered() {
    var fkId = key();
    var body = Map.of("firstName", "Grace", "lastName", "Hopper", "fkId", fkId);
    var other = agent.newUser(Map.of("fkId", fkId));
    var key = key();
    done(post(agent, key, "/external/users", body), 400);
    agent.delete("/external/users/" + other).then().statusCode(204);
    var first = done(post(agent, key, "/external/users", body), 201);
    isReplayOf(first, post(agent, key, "/external/users", body));

    // Not found, and then with what it lacked: the key was never used.
    var nobody = Map.of("conversationUserId", UUID.randomUUID());
    done(post(agent, key, "/external/conversations", nobody), 404);
    done(
        post(agent, key, "/external/conversations", Map.of("conversationUserId", first.path("id"))),
        201);
  }

  @Test
  void theApiKeyIsCheckedFirst() {
    var key = key();
    var body = Map.of("conversationUserId", agent.newUser());
    done(post(agent, key, "/external/conversations", body), 201);
    var answer = post(Api.agent("cq_agent_wrong"), key, "/external/conversations", body);
    done(answer, 403);
    done(post(Api.agent("cq_agent_wrong"), "", "/external/conversations", body), 403);
  }
}

package dev.colloquy.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.OtherOrganization;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ServerTest
class FeedbackResourceTest {
  private static final String FEEDBACK = "/external/conversation-message-feedbacks";

  @Inject Database database;
  @Inject ApiKeys keys;
  private Api agent;
  private String email;
  private String user;
  private String conversation;
  private String question;
  private String reply;

  @BeforeEach
  void makeAnExchange() {
    agent = Api.newAgent();
    email = Unique.email();
    user = agent.newUser(Map.of("email", email));
    conversation = agent.newConversation(user);
    var answer = agent.send(conversation, "When do you open?");
    reply = answer.path("id");
    question = answer.path("conversationMessageId");
  }

  private Map<String, Object> body(Map<String, ?> fields) {
    var body = new HashMap<String, Object>();
    body.put("conversationMessageId", reply);
    body.put("userId", user);
    body.put("voteType", "up");
    body.put("question", "When do you open?");
    body.putAll(fields);
    return body;
  }

  private Response give(Map<String, ?> fields) {
    return agent.post(FEEDBACK, body(fields));
  }

  @Test
  void whatIsLeftOutIsNull() {
    var given = give(Map.of("comment", ""));

    given
        .then()
        .statusCode(201)
        .body("conversationMessageId", equalTo(reply))
        .body("voteType", equalTo("up"))
        .body("question", equalTo("When do you open?"))
        .body("answer", nullValue())
        .body("comment", nullValue())
        .body("createdAt", matchesPattern(".*T.*\\.\\d{3}Z"))
        .body("updatedAt", equalTo(given.path("createdAt")));
    assertThat(given.<Map<String, Object>>path("$"))
        .containsOnlyKeys(
            "id",
            "conversationMessageId",
            "voteType",
            "question",
            "answer",
            "comment",
            "createdAt",
            "updatedAt");
  }

  @Test
  void aSecondOneOfTheSameUserOnTheSameMessageReplacesTheFirst() {
    var first = give(Map.of("comment", "Good.", "answer", "At nine."));
    var second = give(Map.of("voteType", "down"));

    second
        .then()
        .statusCode(201)
        .body("id", equalTo(first.path("id")))
        .body("createdAt", equalTo(first.path("createdAt")))
        .body("voteType", equalTo("down"))
        .body("comment", nullValue())
        .body("answer", nullValue());
    assertThat(second.<String>path("updatedAt"))
        .isGreaterThanOrEqualTo(first.<String>path("updatedAt"));
    agent
        .get("/external/conversations/" + conversation)
        .then()
        .body("feedbacks.voteType", contains("down"));
  }

  @Test
  void questionReplyAndUsersEachHaveTheirOwn() {
    var colleague = agent.newUser();
    give(Map.of()).then().statusCode(201);
    give(Map.of("conversationMessageId", question)).then().statusCode(201);
    give(Map.of("userId", colleague, "voteType", "down")).then().statusCode(201);

    agent
        .get("/external/conversations/" + conversation)
        .then()
        .body("feedbacks.voteType", contains("up", "up", "down"));
  }

  @Test
  void itIsShownWithConversationListAndMessages() {
    String id = give(Map.of("answer", "At nine.", "comment", "Thanks.")).path("id");
    var shown =
        Map.of(
            "id",
            id,
            "voteType",
            "up",
            "question",
            "When do you open?",
            "answer",
            "At nine.",
            "comment",
            "Thanks.",
            "userEmail",
            email);

    var one = agent.get("/external/conversations/" + conversation);
    assertThat(one.<List<Map<String, Object>>>path("feedbacks").getFirst())
        .containsAllEntriesOf(shown);
    var list = agent.get("/external/conversations");
    assertThat(list.<Map<String, Object>>path("data[0].feedbacks[0]")).containsAllEntriesOf(shown);
    var messages =
        agent.get(
            "/external/conversations/" + conversation + "/messages?shouldIncludeFeedbacks=true");
    messages.then().body("messages[0].conversationMessageFeedbacks", hasSize(0));
    assertThat(messages.<Map<String, Object>>path("messages[1].conversationMessageFeedbacks[0]"))
        .containsAllEntriesOf(shown);
  }

  @Test
  void messageAndUserMustBeThereAndTheCallers() {
    var other = OtherOrganization.create(database, keys);
    var colleague = Api.newAgent();

    for (var field : List.of("conversationMessageId", "userId")) {
      Expect.notFound(give(Map.of(field, "abc")));
      Expect.notFound(give(Map.of(field, UUID.randomUUID().toString())));
      Expect.badField(give(Map.of(field, "")), field);
    }
    Expect.notFound(give(Map.of("userId", other.agent().newUser())));
    Expect.notFound(colleague.post(FEEDBACK, body(Map.of())));
    Expect.badField(give(Map.of("voteType", "sideways")), "voteType");
    Expect.badField(give(Map.of("question", "")), "question");
    agent.get("/external/conversations/" + conversation).then().body("feedbacks", hasSize(0));
  }

  @Test
  void givenTwiceAtOnceThereIsOne() throws Exception {
    Callable<Integer> give = () -> give(Map.of()).statusCode();
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var answer : threads.invokeAll(java.util.Collections.nCopies(6, give))) {
        assertThat(answer.get()).isEqualTo(201);
      }
    }
    agent.get("/external/conversations/" + conversation).then().body("feedbacks", hasSize(1));
  }
}

package dev.colloquy.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ServerTest
class MessageResourceTest {
  @Inject Database database;
  private Api agent;
  private String conversation;

  @BeforeEach
  void makeConversation() {
    agent = Api.newAgent();
    conversation = agent.newConversation();
  }

  private Response list(Map<String, ?> query) {
    return agent
        .request()
        .queryParams(query)
        .get("/external/conversations/" + conversation + "/messages");
  }

  /** Stores messages that say 1, 2, 3 and so on, after those that are there. */
  private void fill(int count) {
    database.useTransaction(tx -> {
      tx.createUpdate(
              """
              insert into message (
                conversation_id, seq, agent_id, position, id, role, source, text, tokens,
                created_at)
              select :id, n, a.agent_id, 0, gen_random_uuid(), 'conversation_user', 'api',
                     cast(n as text), 5, now()
              from conversation_activity a, generate_series(1, :count) n
              where a.conversation_id = :id
              """)
          .bind("id", UUID.fromString(conversation))
          .bind("count", count)
          .execute();
      tx.createUpdate(
              "update conversation_activity set last_seq = :count where conversation_id = :id")
          .bind("id", UUID.fromString(conversation))
          .bind("count", count)
          .execute();
    });
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }

  @Test
  void aConversationWithoutMessagesHasAnEmptyList() {
    list(Map.of()).then().statusCode(200).body("", equalTo(Map.of("messages", List.of())));
  }

  @Test
  void messagesComeOldestFirstUnlessAskedOtherwise() {
    agent.send(conversation, "One?").then().statusCode(201);
    agent.send(conversation, "Two?").then().statusCode(201);

    list(Map.of())
        .then()
        .statusCode(200)
        .body("messages.message", contains("One?", "Hello.", "Two?", "Hello."));
    list(Map.of("orderDirection", "ASC"))
        .then()
        .body("messages.message", contains("One?", "Hello.", "Two?", "Hello."));
    list(Map.of("orderDirection", "DESC", "shouldIncludeFeedbacks", ""))
        .then()
        .body("messages.message", contains("Hello.", "Two?", "Hello.", "One?"));
  }

  @Test
  void aQuestionAndItsReplyHaveTheirFieldsAndNoNulls() {
    agent.send(conversation, "One?").then().statusCode(201);

    var messages = list(Map.of());

    String question = messages.path("messages[0].id");
    assertThat(messages.<Map<String, Object>>path("messages[0]"))
        .containsOnlyKeys(
            "id",
            "message",
            "conversationId",
            "senderRole",
            "conversationMessageId",
            "source",
            "createdAt",
            "isAnonymized");
    assertThat(messages.<Map<String, Object>>path("messages[1]"))
        .containsOnlyKeys(
            "id",
            "message",
            "conversationId",
            "senderRole",
            "conversationMessageId",
            "source",
            "createdAt",
            "isAnonymized",
            "fullAIResponse");
    messages
        .then()
        .body("messages.conversationMessageId", contains(question, question))
        .body("messages.senderRole", contains("conversation_user", "assistant"))
        .body("messages.source", contains("api", "api"))
        .body("messages.conversationId", contains(conversation, conversation))
        .body("messages[1].fullAIResponse", equalTo(Map.of("outputText", "Hello.")))
        .body(
            "messages[0].createdAt",
            matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
  }

  @Test
  void feedbackIsShownOnlyWhereAsked() {
    var reply = agent.send(conversation, "One?");
    String user = agent.get("/external/conversations/" + conversation).path("conversationUserId");
    agent
        .post(
            "/external/conversation-message-feedbacks",
            Map.of(
                "conversationMessageId",
                reply.path("id"),
                "userId",
                user,
                "voteType",
                "up",
                "question",
                "One?"))
        .then()
        .statusCode(201);

    list(Map.of("shouldIncludeFeedbacks", true))
        .then()
        .body("messages[0].conversationMessageFeedbacks", empty())
        .body("messages[1].conversationMessageFeedbacks.voteType", contains("up"));
    for (var query : List.of(Map.<String, Object>of(), Map.of("shouldIncludeFeedbacks", false))) {
      var answer = list(query);
      answer.then().statusCode(200);
      assertThat(answer.asString()).doesNotContain("conversationMessageFeedbacks");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ASC", "DESC"})
  void aCursorWalksAllMessagesOnceWhileMoreAreSaid(String direction) {
    fill(250);
    var query = new HashMap<String, Object>(Map.of("orderDirection", direction, "pageSize", 40));
    var seen = new ArrayList<String>();
    @Nullable String cursor = null;
    do {
      if (cursor != null) {
        query.put("cursor", cursor);
      }
      var page = list(query);
      page.then().statusCode(200);
      List<String> texts = page.path("messages.message");
      assertThat(texts).hasSizeLessThanOrEqualTo(40);
      seen.addAll(texts);
      if (seen.size() == 80) {
        agent.send(conversation, "More?").then().statusCode(201);
      }
      cursor = page.path("nextCursor");
    } while (cursor != null);

    if (direction.equals("ASC")) {
      assertThat(seen.subList(0, 250)).isEqualTo(numbers(1, 250));
      assertThat(seen.subList(250, 252)).containsExactly("More?", "Hello.");
    } else {
      assertThat(seen).isEqualTo(numbers(1, 250).reversed());
    }
  }

  @Test
  void withoutAPageSizeAllMessagesComeAtOnce() {
    fill(250);
    var all = list(Map.of());
    all.then().body("messages.message", equalTo(numbers(1, 250)));
    assertThat(all.<Map<String, Object>>path("$")).containsOnlyKeys("messages");
  }

  /** A million bytes each, in characters of two bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"ASC", "DESC"})
  void anAnswerEndsAfterEightMebibytesAndACursorGoesOn(String direction) {
    fill(20);
    database.useTransaction(tx ->
        tx.createUpdate("update message set text = repeat('é', 500000) where conversation_id = :id")
            .bind("id", UUID.fromString(conversation))
            .execute());
    var query = new HashMap<String, Object>(Map.of("orderDirection", direction));
    var sizes = new ArrayList<Integer>();
    var seen = new ArrayList<String>();
    do {
      var page = list(query);
      page.then().statusCode(200);
      List<String> texts = page.path("messages.message");
      assertThat(texts).allSatisfy(text -> assertThat(text).hasSize(500_000));
      sizes.add(texts.size());
      seen.addAll(page.path("messages.id"));
      query.put("cursor", page.path("nextCursor"));
    } while (query.get("cursor") != null);

    assertThat(sizes).containsExactly(9, 9, 2);
    assertThat(seen).doesNotHaveDuplicates();
  }

  @Test
  void aMessageLongerThanAnAnswerComesAloneAndWhole() {
    fill(3);
    database.useTransaction(tx ->
        tx.createUpdate(
                "update message set text = repeat('x', 9000000) where conversation_id = :id")
            .bind("id", UUID.fromString(conversation))
            .execute());

    var first = list(Map.of());

    assertThat(first.<List<String>>path("messages.message")).hasSize(1);
    assertThat(first.<String>path("messages[0].message")).hasSize(9_000_000);
    assertThat(first.<String>path("nextCursor")).isNotNull();
  }

  @Test
  void aPageSizeAloneBeginsAtTheFirstMessageAndIsCutTo100() {
    fill(101);
    list(Map.of("pageSize", 3)).then().body("messages.message", equalTo(numbers(1, 3)));
    list(Map.of("pageSize", 500)).then().body("messages", hasSize(100));
    String cursor = list(Map.of("pageSize", 100)).path("nextCursor");
    list(Map.of("cursor", cursor)).then().body("messages.message", contains("101"));
  }

  @ParameterizedTest
  @CsvSource({
    "pageSize,0",
    "pageSize,-1",
    "pageSize,abc",
    "cursor,abc",
    "orderDirection,asc",
    "shouldIncludeFeedbacks,1"
  })
  void aParameterThatCannotBeReadIsRefusedNamingIt(String parameter, String value) {
    Expect.badField(list(Map.of(parameter, value)), parameter);
  }

  @Test
  void theMessagesOfAConversationThatIsNotTheAgentsAreNotFound() {
    Expect.notFound(agent.get("/external/conversations/" + UUID.randomUUID() + "/messages"));
    Expect.notFound(agent.get("/external/conversations/abc/messages"));
    Expect.notFound(Api.newAgent().get("/external/conversations/" + conversation + "/messages"));
  }
}

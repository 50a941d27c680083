package dev.colloquy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.EventType;
import dev.colloquy.conversation.Events;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.OtherOrganization;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Feeds as JSON, over the API. */
@ServerTest
class EventResourceTest {
  @Inject Database database;
  @Inject ApiKeys keys;

  StubModelServer models;

  private Api agent;
  private String user;
  private String conversation;

  @BeforeEach
  void make() {
    agent = Api.newAgent();
    user = agent.newUser();
    conversation = agent.newConversation(user);
  }

  private String path() {
    return "/external/conversations/" + conversation + "/events";
  }

  @Test
  void whatHappensInAConversationIsToldInOrder() {
    var reply = agent.send(conversation, "When do you open?");
    var question = reply.<String>path("conversationMessageId");
    var state = agent.get("/external/conversations/states").<String>path("[0].id");
    agent.put("/external/conversations/" + conversation, Map.of("title", "Hours"));
    agent.put("/external/conversations/" + conversation, Map.of("conversationStateId", state));
    agent.put("/external/conversations/" + conversation + "/mode", Map.of("mode", "manual"));
    agent.post(
        "/external/conversations/" + conversation + "/send-manual-message",
        Map.of("message", "This is Ada."));
    feedback(question, "Fine.");
    feedback(question, "Not so fine.");
    agent.put("/external/conversations/" + conversation, Map.of("status", "archived"));

    var feed = agent.get(path());

    assertThat(feed.jsonPath().getList("data.type"))
        .containsExactly(
            "conversation.created",
            "message.created",
            "message.created",
            "conversation.updated",
            "state.changed",
            "mode.changed",
            "message.created",
            "feedback.created",
            "feedback.updated",
            "status.changed");
    assertThat(feed.jsonPath().getList("data.seq", Long.class))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    feed.then()
        .body("nextCursor", equalTo("10"))
        .body("data[0].data.conversationUserId", equalTo(user))
        .body("data[1].data.message", equalTo("When do you open?"))
        .body("data[2].data.id", equalTo(reply.path("id")))
        .body("data[2].data.message", equalTo(reply.path("message")))
        .body("data[2].data.fullAIResponse", equalTo(reply.path("fullAIResponse")))
        .body("data[3].data.changed", equalTo(List.of("title")))
        .body("data[3].data.conversation.title", equalTo("Hours"))
        .body("data[4].data.conversationStateId", equalTo(state))
        .body("data[5].data", equalTo(Map.of("mode", "manual", "epoch", 1)))
        .body("data[6].data.senderRole", equalTo("manual_assistant"))
        .body("data[7].data.comment", equalTo("Fine."))
        .body("data[8].data.comment", equalTo("Not so fine."))
        .body("data[9].data.status", equalTo("archived"));
    agent.get(path()).then().body("data", equalTo(feed.path("data")));
  }

  private void feedback(String message, String comment) {
    agent
        .post(
            "/external/conversation-message-feedbacks",
            Map.of(
                "conversationMessageId", message,
                "userId", user,
                "voteType", "up",
                "question", "When do you open?",
                "comment", comment))
        .then()
        .statusCode(201);
  }

  @Test
  void whatChangesNothingIsNoEvent() {
    agent.put("/external/conversations/" + conversation, Map.of("title", "Hours"));
    agent.put(
        "/external/conversations/" + conversation,
        Map.of("title", "Hours", "status", "active", "mode", "ai"));
    assertThat(types(agent.get(path())))
        .containsExactly("conversation.created", "conversation.updated");
  }

  @Test
  void aTurnThatFailedIsToldAsItsCallerIsTold() {
    var model = "refuses-" + UUID.randomUUID();
    models.always(request ->
        request.model().equals(model)
            ? ModelAnswer.status(400, "{}")
            : ModelAnswer.reply("Hello."));
    agent = Api.newAgent(Map.of("model", "openai:" + model));
    conversation = agent.newConversation();
    var refused = agent.send(conversation, "Hi");
    refused.then().statusCode(502);

    var failed = agent.get(path() + "?after=2");

    failed
        .then()
        .body("data.size()", equalTo(1))
        .body("data[0].type", equalTo("turn.failed"))
        .body("data[0].data.code", equalTo("MODEL_FAILED"))
        .body("data[0].data.error", equalTo(refused.path("details[0].message")))
        .body("data[0].data.conversationMessageId", equalTo(refused.path("details[1].message")));
  }

  @Test
  void pagesOfAnySizeMakeTheSameFeed() {
    agent.send(conversation, "one");
    agent.send(conversation, "two");
    agent.newConversation();
    var whole = agent.get(path()).jsonPath().getList("data");
    var all = agent.get("/external/events").jsonPath().getList("data");
    assertThat(all).hasSize(6);
    for (int limit = 1; limit < 4; limit++) {
      assertThat(pages(path() + "?limit=" + limit, "after")).isEqualTo(whole);
      assertThat(pages("/external/events?limit=" + limit, "cursor")).isEqualTo(all);
    }
  }

  private List<Object> pages(String path, String parameter) {
    var all = new ArrayList<Object>();
    var page = agent.get(path);
    while (!page.jsonPath().getList("data").isEmpty()) {
      all.addAll(page.jsonPath().getList("data"));
      page = agent.get(path + "&" + parameter + "=" + page.path("nextCursor"));
      page.then().statusCode(200);
    }
    return all;
  }

  @Test
  void theIdOfAnEventOfAnAgentsFeedIsItsCursor() {
    agent.send(conversation, "one");
    var feed = agent.get("/external/events");
    var rest = agent.get("/external/events?cursor=" + feed.path("data[0].id"));
    assertThat(rest.<List<Object>>path("data"))
        .isEqualTo(feed.<List<Object>>path("data").subList(1, 3));
    assertThat(rest.<String>path("nextCursor")).isEqualTo(feed.path("data[2].id"));
  }

  @Test
  void anEmptyPageSaysWhereToGoOn() {
    var next = agent.get(path() + "?after=1");
    next.then().body("data.size()", equalTo(0)).body("nextCursor", equalTo("1"));

    var now = agent.get("/external/events?cursor=now");
    now.then().body("data.size()", equalTo(0));
    agent.send(conversation, "after it");
    var since = agent.get("/external/events?wait=20&cursor=" + now.path("nextCursor"));
    assertThat(types(since)).startsWith("message.created");
  }

  @Test
  void aWaitEndsWithTheFirstEvent() throws Exception {
    for (var feed : List.of(path() + "?wait=30&after=1", "/external/events?wait=30&cursor=now")) {
      var events =
          after(
              feed,
              () ->
                  agent.put(
                      "/external/conversations/" + conversation,
                      Map.of("title", UUID.randomUUID().toString())));
      assertThat(types(events)).containsExactly("conversation.updated");
      conversation = agent.newConversation(user);
    }
  }

  /** What a caller gets who waits for the feed while that is done. */
  private Response after(String feed, Runnable work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> agent.get(feed));
      awaitWaiter();
      work.run();
      var begin = System.nanoTime();
      var events = waiting.get(20, TimeUnit.SECONDS);
      // Sooner than the look every two seconds: it was the signal.
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(1_500));
      return events;
    }
  }

  @Inject Watches watches;

  private void awaitWaiter() {
    await().atMost(Duration.ofSeconds(20)).until(() -> watches.count() > 0);
  }

  @Test
  void aSignalThatIsLostDelaysAnEventByTwoSeconds() throws Exception {
    for (var feed : List.of(path() + "?wait=30&after=1", "/external/events?wait=30&cursor=now")) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var waiting = threads.submit(() -> agent.get(feed));
        awaitWaiter();
        // Written past the server, so that nobody is told.
        database.useTransaction(tx ->
            Events.append(
                tx,
                ConversationId.fromString(conversation),
                EventType.TURN_FAILED,
                new TurnFailed("id", "MODEL_FAILED", "text", null),
                Instant.now()));
        assertThat(types(waiting.get(20, TimeUnit.SECONDS))).containsExactly("turn.failed");
      }
      conversation = agent.newConversation(user);
    }
  }

  @Test
  void aWaitWithoutEventsEndsEmpty() {
    var begin = System.nanoTime();
    agent.get(path() + "?after=1&wait=1").then().statusCode(200).body("data.size()", equalTo(0));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(watches.count()).isZero();
  }

  @Test
  void ofADeletedConversationItsDeletionIsLeft() {
    agent.send(conversation, "a secret");
    var other = agent.newConversation(user);
    Expect.gone(agent.delete("/external/conversations/" + conversation));

    Expect.notFound(agent.get(path()));
    var feed = agent.get("/external/events");
    assertThat(types(feed)).containsExactly("conversation.created", "conversation.deleted");
    feed.then()
        .body("data[1].conversationId", equalTo(conversation))
        .body("data[1].data", nullValue());

    Expect.gone(agent.delete("/external/users/" + user));
    assertThat(agent.get("/external/events").jsonPath().getList("data.conversationId"))
        .containsExactly(conversation, other);
    assertThat(types(agent.get("/external/events")))
        .containsExactly("conversation.deleted", "conversation.deleted");
  }

  @Test
  void feedbackGoesWithItsGiverAndSoDoesWhatEventsToldOfIt() {
    var question = agent.send(conversation, "Hi").<String>path("conversationMessageId");
    var owner = user;
    user = agent.newUser();
    feedback(question, "A secret.");
    Expect.gone(agent.delete("/external/users/" + user));
    user = owner;

    var feed = agent.get(path() + "?after=3");
    assertThat(types(feed)).containsExactly("feedback.created", "feedback.deleted");
    assertThat(feed.asString()).doesNotContain("A secret.");
    feed.then().body("data[1].data.conversationMessageId", equalTo(question));
  }

  @Test
  void aFeedHoldsNothingOfOtherAgents() {
    var neighbour = Api.newAgent();
    neighbour.newConversation();
    var stranger = OtherOrganization.create(database, keys);
    Expect.notFound(neighbour.get(path()));
    Expect.notFound(stranger.agent().get(path() + "?wait=30"));
    assertThat(neighbour.get("/external/events").jsonPath().getList("data.conversationId"))
        .doesNotContain(conversation)
        .hasSize(1);
    assertThat(stranger.agent().get("/external/events").jsonPath().getList("data")).isEmpty();
    // A cursor is a place and opens nothing.
    var cursor = agent.get("/external/events").path("nextCursor");
    assertThat(
            neighbour
                .get("/external/events?cursor=" + cursor)
                .jsonPath()
                .getList("data.conversationId"))
        .doesNotContain(conversation);
  }

  @Test
  void aWrongParameterIsNamed() {
    for (var wrong : List.of("-1", "x", "1.5", "9223372036854775808")) {
      Expect.badField(agent.get(path() + "?after=" + wrong), "after");
    }
    for (var feed : List.of(path(), "/external/events")) {
      for (var wrong : List.of("-1", "31", "x")) {
        Expect.badField(agent.get(feed + "?wait=" + wrong), "wait");
      }
      for (var wrong : List.of("0", "1001", "x")) {
        Expect.badField(agent.get(feed + "?limit=" + wrong), "limit");
      }
    }
    for (var wrong : List.of("x", "MS4y", "latest", "LTEuMS4wMTk4YzJmMC00YjdlLTdjNWEtOWQ2MQ")) {
      Expect.badField(agent.get("/external/events?cursor=" + wrong), "cursor");
    }
  }

  /** As where the conversation is deleted after it was looked for, and before its page is read. */
  @Test
  void aPageNeverHoldsTheDeletionThatEndsTheFeed() {
    database.useTransaction(tx ->
        Events.append(
            tx,
            ConversationId.fromString(conversation),
            EventType.CONVERSATION_DELETED,
            Map.of(),
            Instant.now()));
    assertThat(types(agent.get(path()))).containsExactly("conversation.created");
  }

  @Test
  void aPlaceBehindTheEndIsRefused() {
    var end = agent.get(path()).<String>path("nextCursor");
    agent.get(path() + "?after=" + end).then().statusCode(200);
    for (var beyond : List.of(Integer.parseInt(end) + 1, 999_999)) {
      Expect.badField(agent.get(path() + "?wait=30&after=" + beyond), "after");
    }
    Expect.notFound(Api.newAgent().get(path() + "?after=999999"));

    for (var now : List.of("now", agent.get("/external/events").<String>path("nextCursor"))) {
      agent.get("/external/events?cursor=" + now).then().statusCode(200);
    }
    var beyond = FeedCursor.before(Long.MAX_VALUE).text();
    Expect.badField(agent.get("/external/events?wait=30&cursor=" + beyond), "cursor");
  }

  private static List<String> types(Response feed) {
    feed.then().statusCode(200);
    return feed.jsonPath().getList("data.type");
  }
}

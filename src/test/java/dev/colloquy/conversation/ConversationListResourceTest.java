package dev.colloquy.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ServerTest
class ConversationListResourceTest {
  private static final String CONVERSATIONS = "/external/conversations";

  @Inject Database database;
  private Api agent;

  @BeforeEach
  void makeAgent() {
    agent = Api.newAgent();
  }

  private Response list(Map<String, ?> query) {
    return agent.request().queryParams(query).get(CONVERSATIONS);
  }

  private List<String> ids(Map<String, ?> query) {
    var response = list(query);
    response.then().statusCode(200);
    return response.path("data.id");
  }

  private List<String> make(int count) {
    var user = agent.newUser();
    var made = new ArrayList<String>();
    for (var i = 0; i < count; i++) {
      made.add(agent.newConversation(user));
    }
    return made;
  }

  @Test
  void anAgentWithoutConversationsHasAnEmptyFirstPage() {
    list(Map.of())
        .then()
        .statusCode(200)
        .body(
            "",
            equalTo(
                Map.of(
                    "currentPage",
                    1,
                    "pageSize",
                    20,
                    "totalItems",
                    0,
                    "totalPages",
                    0,
                    "hasNextPage",
                    false,
                    "hasPreviousPage",
                    false,
                    "data",
                    List.of())));
  }

  @Test
  void pagesAreCountedFromOneNewestFirst() {
    var newestFirst = new ArrayList<>(make(5).reversed());

    list(Map.of("pageSize", 2))
        .then()
        .body("currentPage", equalTo(1))
        .body("pageSize", equalTo(2))
        .body("totalItems", equalTo(5))
        .body("totalPages", equalTo(3))
        .body("hasNextPage", equalTo(true))
        .body("hasPreviousPage", equalTo(false))
        .body("data.id", equalTo(newestFirst.subList(0, 2)));
    list(Map.of("pageSize", 2, "page", 3))
        .then()
        .body("currentPage", equalTo(3))
        .body("hasNextPage", equalTo(false))
        .body("hasPreviousPage", equalTo(true))
        .body("data.id", equalTo(newestFirst.subList(4, 5)));
    list(Map.of("pageSize", 2, "page", 9))
        .then()
        .statusCode(200)
        .body("currentPage", equalTo(9))
        .body("hasNextPage", equalTo(false))
        .body("data", empty());
    list(Map.of()).then().body("pageSize", equalTo(20)).body("data.id", equalTo(newestFirst));
    list(Map.of("pageSize", 101)).then().body("pageSize", equalTo(100)).body("data", hasSize(5));
    list(Map.of(
            "page",
            "",
            "pageSize",
            "",
            "orderBy",
            "",
            "searchKeyword",
            "",
            "userId",
            "",
            "startDate",
            "",
            "withFeedbacksOnly",
            ""))
        .then()
        .body("data", hasSize(5));
  }

  @ParameterizedTest
  @CsvSource({
    "page,0",
    "page,-1",
    "page,abc",
    "page,1.5",
    "page,99999999999",
    "pageSize,0",
    "pageSize,-1",
    "pageSize,abc",
    "orderBy,title",
    "orderBy,CREATEDAT",
    "orderDirection,desc",
    "orderDirection,up",
    "withFeedbacksOnly,yes",
    "startDate,yesterday",
    "endDate,2026-13-01",
    "cursor,abc",
    "cursor,%"
  })
  void aParameterThatCannotBeReadIsRefusedNamingIt(String parameter, String value) {
    Expect.badField(list(Map.of(parameter, value)), parameter);
  }

  @Test
  void aKeywordThatCannotBeStoredIsRefused() {
    Expect.badField(
        agent.request().urlEncodingEnabled(false).get(CONVERSATIONS + "?searchKeyword=a%00"),
        "searchKeyword");
    Expect.badField(list(Map.of("searchKeyword", "a".repeat(256))), "searchKeyword");
  }

  @Test
  void bothOrdersAreKeptInBothDirections() {
    var oldestFirst = make(3);
    var touched = oldestFirst.getFirst();
    agent.put(CONVERSATIONS + "/" + touched, Map.of("title", "Touched")).then().statusCode(200);
    var byUpdate = List.of(oldestFirst.get(1), oldestFirst.get(2), touched);

    assertThat(ids(Map.of("orderDirection", "ASC"))).isEqualTo(oldestFirst);
    assertThat(ids(Map.of("orderBy", "createdAt", "orderDirection", "DESC")))
        .isEqualTo(oldestFirst.reversed());
    assertThat(ids(Map.of("orderBy", "updatedAt", "orderDirection", "ASC"))).isEqualTo(byUpdate);
    assertThat(ids(Map.of("orderBy", "updatedAt"))).isEqualTo(byUpdate.reversed());
  }

  @Test
  void aKeywordIsLookedForInEveryFieldOfTheContractWithoutRegardToCase() {
    var digits = Unique.phone();
    var named = Unique.word();
    agent = Api.newAgent(Map.of("name", "Agent " + named));
    var other = agent.newConversation();
    var word = Unique.word();
    var found = new HashMap<String, String>();
    found.put(
        "First" + word, agent.newConversation(agent.newUser(Map.of("firstName", "xFirst" + word))));
    found.put(
        "Last" + word,
        agent.newConversation(agent.newUser(Map.of("lastName", "Last" + word + "x"))));
    found.put(
        "Mail" + word,
        agent.newConversation(agent.newUser(Map.of("email", "Mail" + word + "@example.com"))));
    found.put(
        digits.substring(2), agent.newConversation(agent.newUser(Map.of("phoneNumber", digits))));
    found.put(digits, found.get(digits.substring(2)));
    var titled = agent.newConversation();
    agent
        .put(CONVERSATIONS + "/" + titled, Map.of("title", "Über Title" + word))
        .then()
        .statusCode(200);
    found.put("über Title" + word, titled);
    var summed = agent.newConversation();
    database.useTransaction(tx ->
        tx.createUpdate("update conversation set summary = :summary where id = :id")
            .bind("summary", "It was about Summary" + word)
            .bind("id", UUID.fromString(summed))
            .execute());
    found.put("Summary" + word, summed);

    found.forEach((keyword, id) -> {
      for (var spelled : List.of(keyword, keyword.toUpperCase(java.util.Locale.ROOT))) {
        var page = list(Map.of("searchKeyword", spelled));
        page.then().statusCode(200).body("data.id", contains(id)).body("totalItems", equalTo(1));
      }
    });
    list(Map.of("searchKeyword", "AGENT " + named.substring(0, 9)))
        .then()
        .body("totalItems", equalTo(7));
    assertThat(ids(Map.of("searchKeyword", Unique.word()))).isEmpty();
    assertThat(ids(Map.of("searchKeyword", named))).contains(other);
  }

  @Test
  void wildcardsInAKeywordMeanThemselves() {
    var user = agent.newUser();
    var titles = Map.of("a%b", "100%", "a_b", "100_", "a\\b", "100\\");
    var made = new HashMap<String, String>();
    titles.forEach((title, end) -> {
      var id = agent.newConversation(user);
      agent.put(CONVERSATIONS + "/" + id, Map.of("title", title + " " + end));
      made.put(title, id);
    });
    agent.newConversation(user);

    made.forEach((title, id) -> {
      assertThat(ids(Map.of("searchKeyword", title))).containsExactly(id);
      assertThat(ids(Map.of("searchKeyword", titles.get(title)))).containsExactly(id);
      assertThat(ids(Map.of("searchKeyword", title.substring(1, 2)))).containsExactly(id);
    });
  }

  @Test
  void datesBoundTheLastChangeAndBothEndsCount() {
    var ids = make(3);
    var times =
        List.of("2025-03-01T00:00:00.000Z", "2025-03-01T23:59:59.999Z", "2025-03-02T00:00:00.000Z");
    database.useTransaction(tx -> {
      for (var i = 0; i < 3; i++) {
        tx.createUpdate(
                """
                update conversation_activity
                set updated_at = cast(:time as timestamptz)
                where conversation_id = :id
                """)
            .bind("time", times.get(i))
            .bind("id", UUID.fromString(ids.get(i)))
            .execute();
      }
    });

    assertThat(ids(Map.of("startDate", times.get(1)))).containsExactly(ids.get(2), ids.get(1));
    assertThat(ids(Map.of("endDate", times.get(1)))).containsExactly(ids.get(1), ids.get(0));
    assertThat(ids(Map.of("startDate", times.get(1), "endDate", times.get(1))))
        .containsExactly(ids.get(1));
    assertThat(ids(Map.of("startDate", "2025-03-01", "endDate", "2025-03-01")))
        .containsExactly(ids.get(1), ids.get(0));
    assertThat(ids(Map.of("startDate", "2025-03-02T01:00:00.000+01:00")))
        .containsExactly(ids.get(2));
    assertThat(ids(Map.of("startDate", "2025-03-02T00:00:00.001Z"))).isEmpty();
    assertThat(ids(Map.of("startDate", times.get(2), "endDate", times.get(0)))).isEmpty();
  }

  @Test
  void onlyOneUsersConversationsAreListedWhereAsked() {
    var first = make(2);
    String user = agent.get(CONVERSATIONS + "/" + first.getFirst()).path("conversationUserId");
    make(1);

    assertThat(ids(Map.of("userId", user))).isEqualTo(first.reversed());
    assertThat(ids(Map.of("userId", UUID.randomUUID()))).isEmpty();
    assertThat(ids(Map.of("userId", "abc"))).isEmpty();
  }

  @Test
  void onlyConversationsWithFeedbackAreListedWhereAskedWithTheirFeedback() {
    var ids = make(3);
    var reply = agent.send(ids.get(1), "When do you open?");
    String user = agent.get(CONVERSATIONS + "/" + ids.getFirst()).path("conversationUserId");
    var feedback =
        agent.post(
            "/external/conversation-message-feedbacks",
            Map.of(
                "conversationMessageId",
                reply.path("id"),
                "userId",
                user,
                "voteType",
                "down",
                "question",
                "When do you open?",
                "comment",
                "Too short."));
    feedback.then().statusCode(201);

    list(Map.of("withFeedbacksOnly", true))
        .then()
        .body("data.id", contains(ids.get(1)))
        .body("totalItems", equalTo(1))
        .body("data[0].feedbacks.id", contains(feedback.<String>path("id")))
        .body("data[0].feedbacks[0].voteType", equalTo("down"))
        .body("data[0].feedbacks[0].comment", equalTo("Too short."));
    list(Map.of("withFeedbacksOnly", false))
        .then()
        .body("data.id", equalTo(ids.reversed()))
        .body("data.find { it.id == '%s' }.feedbacks".formatted(ids.getFirst()), empty());
  }

  @Test
  void filtersAreJoined() {
    var first = make(2);
    String user = agent.get(CONVERSATIONS + "/" + first.getFirst()).path("conversationUserId");
    make(1);
    agent.put(CONVERSATIONS + "/" + first.get(1), Map.of("title", "Needle")).then().statusCode(200);

    assertThat(
            ids(
                Map.of(
                    "userId",
                    user,
                    "searchKeyword",
                    "needle",
                    "startDate",
                    "2025-01-01",
                    "orderBy",
                    "updatedAt")))
        .containsExactly(first.get(1));
    assertThat(ids(Map.of("userId", user, "searchKeyword", "needle", "endDate", "2025-01-01")))
        .isEmpty();
    assertThat(ids(Map.of("userId", user, "searchKeyword", "needle", "withFeedbacksOnly", true)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"createdAt,DESC", "createdAt,ASC", "updatedAt,DESC", "updatedAt,ASC"})
  void aCursorWalksEverythingExactlyOnceWhileMoreIsAdded(String orderBy, String direction) {
    var before = make(23);
    sameMoment(before.subList(5, 15));
    var query = new HashMap<String, Object>();
    query.putAll(Map.of("orderBy", orderBy, "orderDirection", direction, "pageSize", 4));
    var seen = new ArrayList<String>();
    @Nullable String cursor = null;
    do {
      if (cursor != null) {
        query.put("cursor", cursor);
      }
      var page = list(query);
      page.then().statusCode(200).body("pageSize", equalTo(4));
      seen.addAll(page.<List<String>>path("data.id"));
      assertThat(page.<Object>path("hasNextPage")).isEqualTo(page.path("nextCursor") != null);
      cursor = page.path("nextCursor");
      if (seen.size() < 23) {
        make(1);
      }
    } while (cursor != null);

    assertThat(seen).doesNotHaveDuplicates().containsAll(before);
    var old = new ArrayList<>(seen);
    old.retainAll(before);
    var all =
        new ArrayList<>(
            ids(Map.of("orderBy", orderBy, "orderDirection", direction, "pageSize", 100)));
    all.retainAll(before);
    assertThat(old).isEqualTo(all);
  }

  /** Gives the conversations one time, so that only their ids tell them apart. */
  private void sameMoment(List<String> ids) {
    database.useTransaction(tx -> {
      for (var id : ids) {
        tx.execute("update conversation set created_at = '2025-03-01Z' where id = ?::uuid", id);
        tx.execute(
            "update conversation_activity set updated_at = '2025-03-01Z'"
                + " where conversation_id = ?::uuid",
            id);
      }
    });
  }

  @Test
  void aCursorPastTheEndHasNothingMore() {
    var ids = make(2);
    String cursor = list(Map.of("pageSize", 1)).path("nextCursor");
    ids.forEach(id -> agent.delete(CONVERSATIONS + "/" + id));

    list(Map.of("cursor", cursor))
        .then()
        .statusCode(200)
        .body("", equalTo(Map.of("pageSize", 20, "hasNextPage", false, "data", List.of())));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherAgentsConversationsNeverAppear(boolean sameUser) {
    var colleague = Api.newAgent();
    var user = agent.newUser(Map.of("firstName", "Shared"));
    var mine = List.of(agent.newConversation(user), agent.newConversation(user));
    colleague.newConversation(sameUser ? user : colleague.newUser(Map.of("firstName", "Shared")));

    for (var query :
        List.of(
            Map.<String, Object>of(),
            Map.of("searchKeyword", "shared"),
            Map.of("userId", user),
            Map.of("orderBy", "updatedAt"),
            Map.of("startDate", "2025-01-01"))) {
      list(query)
          .then()
          .body("data.id", containsInAnyOrder(mine.toArray()))
          .body("totalItems", equalTo(2));
    }
    String cursor = list(Map.of("pageSize", 1)).path("nextCursor");
    colleague
        .request()
        .queryParam("cursor", cursor)
        .get(CONVERSATIONS)
        .then()
        .statusCode(200)
        .body("data.findAll { it.id in %s }".formatted(quoted(mine)), empty());
  }

  private static String quoted(List<String> ids) {
    return ids.stream().map(id -> "'" + id + "'").toList().toString();
  }
}

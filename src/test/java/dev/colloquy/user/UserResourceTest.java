package dev.colloquy.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.OtherOrganization;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ServerTest
class UserResourceTest {
  private static final String USERS = "/external/users";

  @Inject Database database;
  @Inject ApiKeys keys;
  private Api agent;

  @BeforeEach
  void makeAgent() {
    agent = Api.newAgent();
  }

  private static Map<String, Object> named(Map<String, ?> contacts) {
    var body = new HashMap<String, Object>(Map.of("firstName", "Grace", "lastName", "Hopper"));
    body.putAll(contacts);
    return body;
  }

  private Response create(Map<String, ?> contacts) {
    return agent.post(USERS, named(contacts));
  }

  @Test
  void aUserIsMadeWithAnyOneContactAndNothingMoreIsShown() {
    var email = Unique.email();
    var phone = Unique.phone();
    for (var contact :
        List.of(
            Map.of("email", email), Map.of("phoneNumber", phone), Map.of("fkId", Unique.word()))) {
      var made = create(contact);

      var expected = named(contact);
      expected.put("isAnonymized", false);
      expected.put("id", made.path("id"));
      made.then().statusCode(201).body("", equalTo(expected));
      agent.get(USERS + "/" + made.path("id")).then().statusCode(200).body("", equalTo(expected));
    }
  }

  @Test
  void everyFieldIsKeptAndCustomDataBecomesMetadata() {
    var data = Map.of("plan", "gold", "seats", 3, "tags", List.of("a", "b"), "none", Map.of());
    var body = named(Map.of("email", Unique.email(), "phoneNumber", Unique.phone()));
    body.putAll(Map.of("fkId", Unique.word(), "fkUserId", "u-1", "source", "webshop"));
    body.put("context", "Likes ships.");
    body.put("customData", data);
    body.put("notAField", "ignored");

    var made = create(body);

    made.then().statusCode(201).body("metadata", equalTo(data)).body("$", not(hasEntry("x", "y")));
    for (var field :
        List.of(
            "firstName",
            "lastName",
            "email",
            "phoneNumber",
            "fkId",
            "fkUserId",
            "source",
            "context")) {
      assertThat(made.<Object>path(field)).as(field).isEqualTo(body.get(field));
    }
    assertThat(made.<Map<String, Object>>path("$")).doesNotContainKeys("customData", "notAField");
  }

  @Test
  void anEmptyOptionalFieldIsAbsentAlsoWhereItMustBeUnique() {
    var absent =
        Map.of(
            "fkId",
            "",
            "phoneNumber",
            "",
            "context",
            "",
            "source",
            "",
            "fkUserId",
            "",
            "customData",
            "",
            "skipEmailValidation",
            "");
    for (var i = 0; i < 2; i++) {
      var body = new HashMap<String, Object>(absent);
      body.put("email", Unique.email());
      var made = create(body);
      made.then().statusCode(201);
      assertThat(made.<Map<String, Object>>path("$"))
          .containsOnlyKeys("id", "firstName", "lastName", "email", "isAnonymized");
    }
  }

  @Test
  void aUserWithoutAnyContactIsRefused() {
    Expect.badField(create(Map.of()), "email");
    Expect.badField(create(Map.of("fkId", "", "email", " ")), "email");
  }

  @Test
  void aUserWithoutANameIsRefused() {
    Expect.badField(create(Map.of("email", Unique.email(), "firstName", "")), "firstName");
    Expect.badField(agent.post(USERS, Map.of("email", Unique.email())), "lastName");
  }

  private static void refusedAsKnown(Response second, String field) {
    Expect.badField(second, field);
    second
        .then()
        .body("details", contains(Map.of("field", field, "message", "user already exists")));
  }

  @Test
  void aSecondUserWithAContactOfTheFirstIsRefusedNamingIt() {
    var email = Unique.email();
    var phone = Unique.phone();
    var spelled =
        "+1 (%s) %s-%s".formatted(phone.substring(2, 5), phone.substring(5, 8), phone.substring(8));
    var fkId = Unique.word();
    create(Map.of("email", email, "phoneNumber", spelled, "fkId", fkId))
        .then()
        .statusCode(201)
        .body("phoneNumber", equalTo(phone));

    refusedAsKnown(create(Map.of("email", email.toUpperCase(java.util.Locale.ROOT))), "email");
    refusedAsKnown(create(Map.of("phoneNumber", phone)), "phoneNumber");
    refusedAsKnown(
        create(Map.of("phoneNumber", phone.replace("+1", "+1-"), "email", Unique.email())),
        "phoneNumber");
    refusedAsKnown(create(Map.of("fkId", fkId, "email", Unique.email())), "fkId");
    refusedAsKnown(Api.newAgent().post(USERS, named(Map.of("email", email))), "email");
  }

  @Test
  void theSameContactsInAnotherOrganizationAreAnotherUser() {
    var other = OtherOrganization.create(database, keys).agent();
    var body =
        named(Map.of("email", Unique.email(), "phoneNumber", Unique.phone(), "fkId", "fk-shared"));
    body.put("fkId", Unique.word());
    var mine = agent.post(USERS, body);
    var theirs = other.post(USERS, body);

    mine.then().statusCode(201);
    theirs.then().statusCode(201).body("id", not(equalTo(mine.path("id"))));
    Expect.notFound(other.get(USERS + "/" + mine.path("id")));
    Expect.notFound(other.delete(USERS + "/" + mine.path("id")));
    other
        .get(USERS + "/search?email=" + body.get("email"))
        .then()
        .statusCode(200)
        .body("user.id", equalTo(theirs.path("id")));
  }

  @Test
  void ofEightWhoMakeTheSameUserAtOnceOneSucceeds() throws Exception {
    var body = named(Map.of("email", Unique.email(), "phoneNumber", Unique.phone()));
    var answers = new ArrayList<Integer>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      var start = new CountDownLatch(1);
      var running =
          java.util.stream.IntStream.range(0, 8)
              .mapToObj(_ ->
                  threads.submit(() -> {
                    start.await();
                    return agent.post(USERS, body).statusCode();
                  }))
              .toList();
      start.countDown();
      for (var answer : running) {
        answers.add(answer.get());
      }
    }
    assertThat(answers).containsExactlyInAnyOrder(201, 400, 400, 400, 400, 400, 400, 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"grace", "grace@", "@example.com", "a b@example.com", "a@b", "a@@b.com"})
  void whatIsNoEmailIsRefusedUnlessItsCheckIsSkipped(String email) {
    Expect.badField(create(Map.of("email", email)), "email");
    var own = email + Unique.word();
    create(Map.of("email", own, "skipEmailValidation", true))
        .then()
        .statusCode(201)
        .body("email", equalTo(own));
  }

  @ParameterizedTest
  @ValueSource(strings = {"12", "call me", "+1", "212 555 0123", "+999123456789"})
  void whatIsNoPhoneNumberIsRefusedUnlessItsCheckIsSkipped(String phone) {
    Expect.badField(create(Map.of("phoneNumber", phone)), "phoneNumber");
    var own = phone + Unique.word();
    create(Map.of("phoneNumber", own, "skipPhoneNumberValidation", true))
        .then()
        .statusCode(201)
        .body("phoneNumber", equalTo(own));
  }

  @Test
  void aKnownFieldOfTheWrongTypeIsRefusedNamingIt() {
    Expect.badField(create(Map.of("email", 5)), "email");
    Expect.badField(create(Map.of("email", Unique.email(), "customData", "x")), "customData");
    Expect.badField(
        create(Map.of("email", Unique.email(), "skipEmailValidation", "yes")),
        "skipEmailValidation");
  }

  private Response search(Map<String, ?> query) {
    return agent.request().queryParams(query).get(USERS + "/search");
  }

  @Test
  void aUserIsFoundByAnyContactAndBySeveral() {
    var email = Unique.email();
    var phone = Unique.phone();
    var fkId = Unique.word();
    var id = agent.newUser(Map.of("email", email, "phoneNumber", phone, "fkId", fkId));

    for (var query :
        List.of(
            Map.of("email", email),
            Map.of("email", email.toUpperCase(java.util.Locale.ROOT)),
            Map.of("phoneNumber", phone),
            Map.of("phoneNumber", "+1 " + phone.substring(2)),
            Map.of("fkId", fkId),
            Map.of("fkId", fkId, "email", "", "phoneNumber", ""),
            Map.of("email", email, "phoneNumber", phone, "fkId", fkId))) {
      search(query).then().statusCode(200).body("user.id", equalTo(id));
    }
    Expect.notFound(search(Map.of("email", email, "phoneNumber", Unique.phone())));
    Expect.notFound(search(Map.of("email", Unique.email())));
    Expect.notFound(search(Map.of("email", "%")));
    Expect.badField(search(Map.of()), "email");
    Expect.badField(search(Map.of("email", "")), "email");
  }

  @Test
  void aPlusThatWasNotEscapedInTheQueryIsUnderstood() {
    var email = "grace+" + Unique.word() + "@example.com";
    var phone = Unique.phone();
    var id = agent.newUser(Map.of("email", email, "phoneNumber", phone));

    var raw = agent.request().urlEncodingEnabled(false);
    raw.get(USERS + "/search?phoneNumber=" + phone)
        .then()
        .statusCode(200)
        .body("user.id", equalTo(id));
    agent
        .request()
        .urlEncodingEnabled(false)
        .get(USERS + "/search?email=" + email)
        .then()
        .statusCode(200)
        .body("user.id", equalTo(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"email", "phoneNumber", "fkId"})
  void whatCannotBeStoredIsRefusedInASearch(String parameter) {
    Expect.badField(
        agent.request().urlEncodingEnabled(false).get(USERS + "/search?" + parameter + "=a%00b"),
        parameter);
  }

  @Test
  void aSearchShowsTheCallingAgentsConversationsOldestFirst() {
    var fkId = Unique.word();
    var user = agent.newUser(Map.of("fkId", fkId));
    var other = Api.newAgent();
    var first = agent.newConversation(user);
    var second = agent.newConversation(user);
    var theirs = other.newConversation(user);
    var third = agent.newConversation(user);

    search(Map.of("fkId", fkId)).then().body("conversationIds", contains(first, second, third));
    other
        .get(USERS + "/search?fkId=" + fkId)
        .then()
        .body("user.id", equalTo(user))
        .body("conversationIds", contains(theirs));
    Api.newAgent()
        .get(USERS + "/search?fkId=" + fkId)
        .then()
        .body("user.id", equalTo(user))
        .body("conversationIds", empty());
  }

  @Test
  void anIdThatNamesNoUserIsNotFound() {
    Expect.notFound(agent.get(USERS + "/" + UUID.randomUUID()));
    Expect.notFound(agent.get(USERS + "/abc"));
    Expect.notFound(agent.delete(USERS + "/" + UUID.randomUUID()));
    Expect.notFound(agent.delete(USERS + "/abc"));
  }

  @Test
  void aDeletedUserIsGoneFromEveryAnswerAlsoOfOtherAgents() {
    var email = Unique.email();
    var user = agent.newUser(Map.of("email", email));
    var other = Api.newAgent();
    var kept = agent.newConversation();
    var deleted = agent.newConversation(user);
    var theirs = other.newConversation(user);
    var reply = agent.send(deleted, "Hello?");
    reply.then().statusCode(201);
    other.send(theirs, "Hello?").then().statusCode(201);
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
                "Hello?"))
        .then()
        .statusCode(201);
    String started =
        agent
            .post(
                "/external/conversations/start",
                named(
                    Map.of(
                        "channel",
                        "email",
                        "email",
                        email,
                        "emailSubject",
                        "Hi",
                        "emailIntroduction",
                        "Hi.")))
            .path("conversationId");

    Expect.gone(agent.delete(USERS + "/" + user));

    Expect.notFound(agent.get(USERS + "/" + user));
    Expect.notFound(agent.delete(USERS + "/" + user));
    Expect.notFound(search(Map.of("email", email)));
    for (var path : List.of(deleted, started)) {
      Expect.notFound(agent.get("/external/conversations/" + path));
      Expect.notFound(agent.get("/external/conversations/" + path + "/messages"));
      Expect.notFound(agent.send(path, "Still there?"));
    }
    Expect.notFound(other.get("/external/conversations/" + theirs));
    agent.get("/external/conversations").then().body("data.id", contains(kept));
    other.get("/external/conversations").then().body("data", hasSize(0));
    Api.superAdmin()
        .get("/admin/outbox?pageSize=100")
        .then()
        .statusCode(200)
        .body("data.findAll { it.conversationId == '%s' }".formatted(started), hasSize(0));
    create(Map.of("email", email)).then().statusCode(201);
  }
}

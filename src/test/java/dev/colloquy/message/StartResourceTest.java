package dev.colloquy.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ServerTest
class StartResourceTest {
  private static final String START = "/external/conversations/start";

  @Inject Database database;
  @Inject ApiKeys keys;
  StubModelServer model;
  private Api agent;
  private String name;

  @BeforeEach
  void makeAgent() {
    name = Unique.word();
    agent = Api.newAgent(Map.of("model", "openai:" + name, "publicName", "Ada of " + name));
  }

  private static Map<String, Object> email(String address) {
    return body(
        Map.of(
            "channel",
            "email",
            "email",
            address,
            "emailSubject",
            "Your order",
            "emailIntroduction",
            "Your order was sent."));
  }

  private static Map<String, Object> sms(String number) {
    return body(Map.of("channel", "sms", "phoneNumber", number, "smsIntroduction", "It was sent."));
  }

  private static Map<String, Object> voice(String number) {
    return body(Map.of("channel", "voice", "phoneNumber", number, "firstMessage", "Good day."));
  }

  private static Map<String, Object> body(Map<String, ?> fields) {
    var body = new HashMap<String, Object>(Map.of("firstName", "Grace", "lastName", "Hopper"));
    body.putAll(fields);
    return body;
  }

  private static Map<String, Object> with(Map<String, Object> body, String field, Object value) {
    var changed = new HashMap<>(body);
    changed.put(field, value);
    return changed;
  }

  private String start(Map<String, ?> body) {
    var started = agent.post(START, body);
    started.then().statusCode(201);
    assertThat(started.<Map<String, Object>>path("$")).containsOnlyKeys("conversationId");
    return started.path("conversationId");
  }

  private Response conversation(String id) {
    return agent.get("/external/conversations/" + id);
  }

  private Response messages(String id) {
    return agent.get("/external/conversations/" + id + "/messages");
  }

  /** What went out in the conversation, newest first. */
  private static List<Map<String, Object>> outbox(String conversation) {
    var all = new ArrayList<Map<String, Object>>();
    var path = "/admin/outbox?pageSize=100";
    for (var page = Api.superAdmin().get(path); ; ) {
      page.then().statusCode(200);
      all.addAll(page.<List<Map<String, Object>>>path("data"));
      if (page.path("nextCursor") == null) {
        break;
      }
      page = Api.superAdmin().get(path + "&cursor=" + page.path("nextCursor"));
    }
    return all.stream().filter(row -> conversation.equals(row.get("conversationId"))).toList();
  }

  private void introduced(String id, String channel, String text) {
    var messages = messages(id);
    messages
        .then()
        .statusCode(200)
        .body("messages", hasSize(1))
        .body("messages[0].senderRole", equalTo("assistant"))
        .body("messages[0].message", equalTo(text))
        .body("messages[0].source", equalTo(channel))
        .body("messages[0].conversationMessageId", equalTo(messages.path("messages[0].id")));
    conversation(id).then().body("channel", equalTo(channel)).body("status", equalTo("active"));
  }

  @Test
  void anEmailGoesOutWithSubjectAndIntroduction() {
    var address = Unique.email();

    var id = start(email(address));

    introduced(id, "email", "Your order was sent.");
    conversation(id).then().body("user.email", equalTo(address));
    var sent = outbox(id);
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst())
        .containsEntry("channel", "email")
        .containsEntry("status", "captured")
        .containsEntry("recipient", address)
        .containsEntry("subject", "Your order")
        .containsEntry("body", "Your order was sent.")
        .containsEntry("messageId", messages(id).path("messages[0].id"));
    assertThat(conversation(id).<Map<String, Object>>path("$")).doesNotContainKey("aiCallId");
  }

  @Test
  void anSmsGoesOutWithItsIntroduction() {
    var number = Unique.phone();

    var id = start(sms("+1 " + number.substring(2)));

    introduced(id, "sms", "It was sent.");
    assertThat(outbox(id).getFirst())
        .containsEntry("channel", "sms")
        .containsEntry("status", "captured")
        .containsEntry("recipient", number)
        .containsEntry("body", "It was sent.")
        .doesNotContainKey("subject");
  }

  @Test
  void aCallOpensWithItsFirstMessageAndHasAnId() {
    var number = Unique.phone();

    var id = start(voice(number));

    introduced(id, "voice", "Good day.");
    var call = outbox(id).getFirst();
    assertThat(call).containsEntry("channel", "voice").containsEntry("body", "Good day.");
    assertThat(call).containsEntry("recipient", number);
    conversation(id).then().body("aiCallId", equalTo(call.get("id")));
  }

  @Test
  void theAgentSignsWhereAskedAndOnlyWhatGoesOut() {
    var signature = "\n\n-- \nAda of " + name;
    var mail = start(with(email(Unique.email()), "includeSignatureInEmail", true));
    var text = start(with(sms(Unique.phone()), "includeSignatureInSms", true));
    var plain = start(with(sms(Unique.phone()), "includeSignatureInEmail", true));

    assertThat(outbox(mail).getFirst()).containsEntry("body", "Your order was sent." + signature);
    assertThat(outbox(text).getFirst()).containsEntry("body", "It was sent." + signature);
    assertThat(outbox(plain).getFirst()).containsEntry("body", "It was sent.");
    messages(mail).then().body("messages.message", contains("Your order was sent."));
  }

  @Test
  void theUserIsFoundByFkIdThenEmailThenPhoneNumber() {
    var fkId = Unique.word();
    var email = Unique.email();
    var phone = Unique.phone();
    var byFkId = agent.newUser(Map.of("fkId", fkId));
    var byEmail = agent.newUser(Map.of("email", email));
    var byPhone = agent.newUser(Map.of("phoneNumber", phone));

    var all = with(with(email(email), "phoneNumber", phone), "fkId", fkId);
    assertThat(userOf(start(all))).isEqualTo(byFkId);
    var two = with(email(email.toUpperCase(java.util.Locale.ROOT)), "phoneNumber", phone);
    assertThat(userOf(start(two))).isEqualTo(byEmail);
    assertThat(userOf(start(with(sms(phone), "fkId", Unique.word())))).isEqualTo(byPhone);
    var made = userOf(start(sms(Unique.phone())));
    assertThat(made).isNotIn(byFkId, byEmail, byPhone);
  }

  private String userOf(String conversation) {
    return conversation(conversation).path("conversationUserId");
  }

  @Test
  void aNewUserHasAllThatTheStartSaysOfIt() {
    var body = email(Unique.email());
    body.putAll(Map.of("context", "Likes ships.", "source", "webshop", "fkId", Unique.word()));
    body.putAll(Map.of("fkUserId", "u-1", "phoneNumber", Unique.phone()));
    body.put("customData", Map.of("plan", "gold"));

    var id = start(body);

    var user = conversation(id);
    for (var field :
        List.of(
            "firstName",
            "lastName",
            "context",
            "source",
            "fkId",
            "fkUserId",
            "phoneNumber",
            "email")) {
      user.then().body("user." + field, equalTo(body.get(field)));
    }
    user.then()
        .body("user.metadata", equalTo(Map.of("plan", "gold")))
        .body("metadata", equalTo(Map.of("plan", "gold")));
  }

  @Test
  void aKnownUserKeepsWhatItHasAndGetsWhatItLacks() {
    var phone = Unique.phone();
    var known =
        agent.newUser(
            Map.of("firstName", "Ada", "phoneNumber", phone, "fkId", "", "context", "Old."));
    var fkId = Unique.word();
    var email = Unique.email();
    var body = sms(phone);
    body.putAll(Map.of("fkId", fkId, "email", email, "context", "New.", "source", "webshop"));
    body.put("customData", Map.of("plan", "gold"));

    assertThat(userOf(start(body))).isEqualTo(known);

    agent
        .get("/external/users/" + known)
        .then()
        .body(
            "",
            equalTo(
                Map.of(
                    "id",
                    known,
                    "firstName",
                    "Ada",
                    "lastName",
                    "Hopper",
                    "phoneNumber",
                    phone,
                    "fkId",
                    fkId,
                    "email",
                    email,
                    "context",
                    "New.",
                    "source",
                    "webshop",
                    "metadata",
                    Map.of("plan", "gold"),
                    "isAnonymized",
                    false)));
  }

  @Test
  void aContactOfSomebodyElseIsNotTaken() {
    var phone = Unique.phone();
    var email = Unique.email();
    var fkId = Unique.word();
    agent.newUser(Map.of("email", email));
    var known = agent.newUser(Map.of("fkId", fkId));

    var id = start(with(with(sms(phone), "fkId", fkId), "email", email));

    assertThat(userOf(id)).isEqualTo(known);
    assertThat(conversation(id).<Map<String, Object>>path("user")).doesNotContainKey("email");
    conversation(id).then().body("user.phoneNumber", equalTo(phone));
  }

  @Test
  void theOpenConversationOnTheChannelIsContinued() {
    var address = Unique.email();
    var phone = Unique.phone();
    var first = start(with(email(address), "phoneNumber", phone));
    var second =
        start(
            with(
                with(email(address), "conversationContext", "Now about ships."),
                "customData",
                Map.of("order", 2)));
    var other = start(sms(phone));

    assertThat(second).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
    assertThat(userOf(other)).isEqualTo(userOf(first));
    messages(first).then().body("messages", hasSize(2));
    assertThat(outbox(first)).hasSize(2);
    conversation(first).then().body("metadata", equalTo(Map.of("order", 2)));
    var colleague = Api.newAgent().post(START, email(address));
    colleague.then().statusCode(201);
    assertThat(colleague.<String>path("conversationId")).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inactive", "archived"})
  void aConversationThatIsNotOpenIsNotContinued(String status) {
    var address = Unique.email();
    var first = start(email(address));
    agent.put("/external/conversations/" + first, Map.of("status", status));

    assertThat(start(email(address))).isNotEqualTo(first);
  }

  @Test
  void aResetArchivesTheOpenConversationAndOpensAnother() {
    var address = Unique.email();
    var first = start(email(address));
    var second = start(with(email(address), "resetConversation", true));
    var third = start(with(email(address), "resetConversation", false));

    assertThat(second).isNotEqualTo(first);
    assertThat(third).isEqualTo(second);
    conversation(first).then().body("status", equalTo("archived"));
    conversation(second).then().body("status", equalTo("active"));
    messages(first).then().body("messages", hasSize(1));
  }

  @Test
  void contextsAndTheIntroductionReachTheModel() {
    var body = email(Unique.email());
    body.putAll(Map.of("context", "Likes ships.", "conversationContext", "About order 4711."));
    var id = start(body);

    agent.send(id, "Where is it?").then().statusCode(201);

    var asked =
        model.requests().stream().filter(r -> r.model().equals(name)).toList().getLast().body();
    var told = asked.path("messages");
    assertThat(told.get(0).path("content").asText())
        .contains("Likes ships.")
        .contains("About order 4711.")
        .contains("Grace Hopper")
        .contains("Your order was sent.");
    assertThat(told.get(1).path("role").asText()).isEqualTo("user");
    assertThat(told.get(1).path("content").asText()).isEqualTo("Where is it?");
  }

  @Test
  void stateAndAuthorAreKeptWithTheConversation() {
    var organization =
        UUID.fromString(agent.get("/external/agents/by-api-key").path("organizationId"));
    var author =
        database.inTransaction(tx -> OtherOrganization.platformUser(tx, organization)).toString();
    String state = agent.get("/external/conversations/states").path("[0].id");

    var id =
        start(with(with(email(Unique.email()), "authorId", author), "conversationStateId", state));

    conversation(id)
        .then()
        .body("assignedUser.id", equalTo(author))
        .body("conversationStateId", equalTo(state));
  }

  @Test
  void aStartThatFailsAfterItsUserWasFoundStoresNothing() {
    var other = OtherOrganization.create(database, keys);
    var address = Unique.email();

    for (var field : List.of("conversationStateId", "authorId")) {
      for (var id :
          List.of(
              "abc",
              UUID.randomUUID().toString(),
              (field.equals("authorId") ? other.platformUser() : other.state()).toString())) {
        Expect.notFound(agent.post(START, with(email(address), field, id)));
      }
    }

    Expect.notFound(agent.get("/external/users/search?email=" + address));
    agent.get("/external/conversations").then().body("totalItems", equalTo(0));
    start(with(with(email(address), "authorId", ""), "conversationStateId", ""));
  }

  private <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
    try (var threads = Executors.newFixedThreadPool(calls.size())) {
      var go = new CountDownLatch(1);
      var running =
          calls.stream()
              .map(call ->
                  threads.submit(() -> {
                    go.await();
                    return call.call();
                  }))
              .toList();
      go.countDown();
      var results = new ArrayList<T>();
      for (var one : running) {
        results.add(one.get());
      }
      return results;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoStartAtOnceForTheSamePersonContinueOneConversation(boolean known) throws Exception {
    var address = Unique.email();
    if (known) {
      agent.newUser(Map.of("email", address));
    }
    Callable<String> call = () -> start(email(address));

    var ids = atOnce(List.of(call, call, call, call));

    assertThat(ids).containsOnly(ids.getFirst());
    messages(ids.getFirst()).then().body("messages", hasSize(4));
    assertThat(outbox(ids.getFirst())).hasSize(4);
    agent.get("/external/conversations").then().body("totalItems", equalTo(1));
  }

  @Test
  void ofThoseWhoAreGivenTheSameContactAtOnceOneGetsItAndAllAreStarted() throws Exception {
    var address = Unique.email();
    var calls = new ArrayList<Callable<String>>();
    for (var i = 0; i < 8; i++) {
      var fkId = Unique.word();
      agent.newUser(Map.of("fkId", fkId));
      calls.add(() -> start(with(email(address), "fkId", fkId)));
    }

    var ids = atOnce(calls);

    assertThat(ids).doesNotHaveDuplicates();
    var owners =
        ids.stream().map(id -> conversation(id).path("user.email")).filter(address::equals).count();
    assertThat(owners).isEqualTo(1);
    ids.forEach(id -> assertThat(outbox(id).getFirst()).containsEntry("recipient", address));
  }

  @ParameterizedTest
  @CsvSource({
    "email,email", "email,emailSubject", "email,emailIntroduction", "sms,phoneNumber",
    "sms,smsIntroduction", "voice,phoneNumber", "voice,firstMessage", "email,firstName",
    "sms,lastName", "voice,channel"
  })
  void whatAChannelNeedsIsAskedForByName(String channel, String field) {
    var bodies =
        Map.of(
            "email",
            email(Unique.email()),
            "sms",
            sms(Unique.phone()),
            "voice",
            voice(Unique.phone()));
    Expect.badField(agent.post(START, with(bodies.get(channel), field, "")), field);
    var without = new HashMap<>(bodies.get(channel));
    without.remove(field);
    Expect.badField(agent.post(START, without), field);
  }

  @Test
  void whatCannotBeIsRefusedNamingTheField() {
    var mail = email(Unique.email());
    Expect.badField(agent.post(START, with(mail, "channel", "fax")), "channel");
    Expect.badField(agent.post(START, with(mail, "channel", "live_chat")), "channel");
    Expect.badField(agent.post(START, with(mail, "email", "grace")), "email");
    Expect.badField(agent.post(START, with(mail, "phoneNumber", "12")), "phoneNumber");
    Expect.badField(agent.post(START, with(sms("12"), "x", 1)), "phoneNumber");
    Expect.badField(agent.post(START, with(mail, "resetConversation", "yes")), "resetConversation");
    start(with(with(mail, "phoneNumber", "12" + Unique.word()), "skipPhoneNumberValidation", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hi\r\nBcc: all@example.com", "Hi\nthere", "Hi\u0000", "Hi\tthere"})
  void aSubjectCannotCarryHeaders(String subject) {
    Expect.badField(
        agent.post(START, with(email(Unique.email()), "emailSubject", subject)), "emailSubject");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@example.com\r\nBcc: all@example.com", "a@example.com\nX: y"})
  void aRecipientCannotCarryHeadersEvenUnchecked(String address) {
    Expect.badField(agent.post(START, with(email(address), "skipEmailValidation", true)), "email");
  }
}

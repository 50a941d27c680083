package dev.colloquy.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ServerTest
class ManualMessageResourceTest {
  private static final String CONVERSATIONS = "/external/conversations/";

  @Inject Database database;
  @Inject ApiKeys keys;
  private Api agent;

  @BeforeEach
  void makeAgent() {
    agent = Api.newAgent();
  }

  private String manual(String conversation) {
    agent
        .put(CONVERSATIONS + conversation + "/mode", Map.of("mode", "manual"))
        .then()
        .statusCode(200);
    return conversation;
  }

  private String started(Map<String, ?> channel) {
    var body = new HashMap<String, Object>(Map.of("firstName", "Grace", "lastName", "Hopper"));
    body.putAll(channel);
    return manual(agent.post(CONVERSATIONS + "start", body).path("conversationId"));
  }

  private Response send(String conversation, Map<String, ?> body) {
    return agent.post(CONVERSATIONS + conversation + "/send-manual-message", body);
  }

  private String ask(String conversation, String message) {
    var question = agent.send(conversation, message);
    question.then().statusCode(201).body("senderRole", equalTo("conversation_user"));
    return question.path("id");
  }

  private Response responseOn(String conversation, String question) {
    return agent.get(CONVERSATIONS + conversation + "/messages/" + question + "/response-on");
  }

  private static List<Map<String, Object>> outbox(String conversation) {
    return Api.superAdmin()
        .get("/admin/outbox?pageSize=100")
        .path("data.findAll { it.conversationId == '%s' }".formatted(conversation));
  }

  @Test
  void aPersonCannotWriteWhileTheAgentAnswers() {
    var conversation = agent.newConversation();

    Expect.badField(send(conversation, Map.of("message", "Hello.")), "mode");

    agent.get(CONVERSATIONS + conversation + "/messages").then().body("messages", hasSize(0));
  }

  @Test
  void aCallTakesNoWrittenMessage() {
    var call =
        started(Map.of("channel", "voice", "phoneNumber", Unique.phone(), "firstMessage", "Hi."));
    Expect.badField(send(call, Map.of("message", "Hello.")), "channel");
    assertThat(outbox(call)).hasSize(1);
  }

  @Test
  void aPersonsMessageAnswersTheNewestQuestion() {
    var conversation = manual(agent.newConversation());
    var first = ask(conversation, "Anybody?");
    var second = ask(conversation, "Hello?");
    responseOn(conversation, first)
        .then()
        .statusCode(200)
        .body("status", equalTo("pending"))
        .body("message", nullValue());

    var sent = send(conversation, Map.of("message", "This is Ada.", "conversationMessageId", ""));

    sent.then()
        .statusCode(200)
        .body("message", equalTo("This is Ada."))
        .body("senderRole", equalTo("manual_assistant"))
        .body("conversationMessageId", equalTo(second))
        .body("conversationId", equalTo(conversation))
        .body("source", equalTo("api"))
        .body("isAnonymized", equalTo(false));
    for (var question : List.of(first, second)) {
      responseOn(conversation, question)
          .then()
          .body("status", equalTo("completed"))
          .body("message.id", equalTo(sent.path("id")))
          .body("error", nullValue());
    }
    assertThat(outbox(conversation)).isEmpty();
  }

  @Test
  void aPersonsMessageAnswersTheQuestionThatItNames() {
    var conversation = manual(agent.newConversation());
    var first = ask(conversation, "One?");
    var second = ask(conversation, "Two?");

    var toFirst = send(conversation, Map.of("message", "1.", "conversationMessageId", first));
    var toSecond = send(conversation, Map.of("message", "2.", "conversationMessageId", second));
    var more =
        send(
            conversation, Map.of("message", "And 1.", "conversationMessageId", toFirst.path("id")));

    toFirst.then().statusCode(200).body("conversationMessageId", equalTo(first));
    toSecond.then().statusCode(200).body("conversationMessageId", equalTo(second));
    more.then().statusCode(200).body("conversationMessageId", equalTo(first));
    responseOn(conversation, first).then().body("message.message", equalTo("1."));
    responseOn(conversation, second).then().body("message.message", equalTo("2."));
  }

  @Test
  void anAnswerToAnEarlierQuestionDoesNotAnswerALaterOne() {
    var conversation = manual(agent.newConversation());
    var first = ask(conversation, "One?");
    var second = ask(conversation, "Two?");

    send(conversation, Map.of("message", "1.", "conversationMessageId", first));

    responseOn(conversation, first).then().body("message.message", equalTo("1."));
    responseOn(conversation, second).then().body("status", equalTo("pending"));
  }

  @Test
  void aPersonCanWriteWhereNothingWasAsked() {
    var conversation = manual(agent.newConversation());
    var sent = send(conversation, Map.of("message", "Hello, this is Ada."));
    sent.then().statusCode(200).body("conversationMessageId", equalTo(sent.path("id")));
  }

  @Test
  void whatAMessageNamesMustBeThereAndTheCallers() {
    var other = OtherOrganization.create(database, keys);
    var conversation = manual(agent.newConversation());
    var elsewhere = ask(manual(agent.newConversation()), "Elsewhere?");

    for (var id : List.of("abc", UUID.randomUUID().toString(), elsewhere)) {
      Expect.notFound(send(conversation, Map.of("message", "No.", "conversationMessageId", id)));
    }
    for (var id : List.of("abc", UUID.randomUUID().toString(), other.platformUser().toString())) {
      Expect.notFound(send(conversation, Map.of("message", "No.", "authorId", id)));
    }
    Expect.notFound(send(UUID.randomUUID().toString(), Map.of("message", "No.")));
    Expect.notFound(send("abc", Map.of("message", "No.")));
    Expect.notFound(
        other
            .agent()
            .post(CONVERSATIONS + conversation + "/send-manual-message", Map.of("message", "No.")));
    Expect.badField(send(conversation, Map.of("message", "")), "message");
    Expect.badField(send(conversation, Map.of()), "message");
    agent.get(CONVERSATIONS + conversation + "/messages").then().body("messages", hasSize(0));
  }

  @Test
  void theAuthorIsKeptWithTheMessage() {
    var organization =
        UUID.fromString(agent.get("/external/agents/by-api-key").path("organizationId"));
    var author = database.inTransaction(tx -> OtherOrganization.platformUser(tx, organization));
    var conversation = manual(agent.newConversation());

    var sent = send(conversation, Map.of("message", "Hi.", "authorId", author.toString()));

    sent.then().statusCode(200);
    var kept =
        database.read(tx ->
            tx.createQuery("select author_id from message where id = :id")
                .bind("id", UUID.fromString(sent.path("id")))
                .mapTo(UUID.class)
                .one());
    assertThat(kept).isEqualTo(author);
  }

  @Test
  void byEmailItGoesOutAsAReplyToWhereTheConversationGoes() {
    var address = Unique.email();
    var fkId = Unique.word();
    agent.newUser(Map.of("fkId", fkId, "email", Unique.email()));
    var conversation =
        started(
            Map.of(
                "channel",
                "email",
                "email",
                address,
                "fkId",
                fkId,
                "emailSubject",
                "Your order",
                "emailIntroduction",
                "It was sent."));

    var sent = send(conversation, Map.of("message", "This is Ada."));
    send(conversation, Map.of("message", "Still Ada.")).then().statusCode(200);

    sent.then().statusCode(200).body("source", equalTo("email"));
    var out = outbox(conversation);
    assertThat(out).hasSize(3);
    assertThat(out.get(1))
        .containsEntry("channel", "email")
        .containsEntry("status", "captured")
        .containsEntry("recipient", address)
        .containsEntry("subject", "Re: Your order")
        .containsEntry("body", "This is Ada.")
        .containsEntry("messageId", sent.path("id"));
    assertThat(out.get(0))
        .containsEntry("subject", "Re: Your order")
        .containsEntry("body", "Still Ada.");
  }

  @Test
  void bySmsItGoesOutAsIs() {
    var number = Unique.phone();
    var conversation =
        started(Map.of("channel", "sms", "phoneNumber", number, "smsIntroduction", "Hi."));

    send(conversation, Map.of("message", "This is Ada."))
        .then()
        .statusCode(200)
        .body("source", equalTo("sms"));

    assertThat(outbox(conversation).getFirst())
        .containsEntry("recipient", number)
        .containsEntry("body", "This is Ada.")
        .doesNotContainKey("subject");
  }

  @Test
  void handedBackTheAgentAnswersTheNextMessageOnly() {
    var conversation = manual(agent.newConversation());
    var held = ask(conversation, "Anybody?");
    agent.put(CONVERSATIONS + conversation + "/mode", Map.of("mode", "ai")).then().statusCode(200);

    agent.send(conversation, "And now?").then().body("senderRole", equalTo("assistant"));

    responseOn(conversation, held).then().body("status", equalTo("pending"));
    Expect.badField(send(conversation, Map.of("message", "Late.")), "mode");
  }
}

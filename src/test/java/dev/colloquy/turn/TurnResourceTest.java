package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@ServerTest
class TurnResourceTest {
  @Test
  void aMessageIsAnsweredWithTheAgentsReplyAndBothAreKept() {
    var agent = Api.newAgent();
    var conversation = agent.newConversation();

    var reply = agent.send(conversation, "When do you open?");

    reply
        .then()
        .statusCode(201)
        .body("senderRole", equalTo("assistant"))
        .body("message", equalTo("Hello."))
        .body("conversationId", equalTo(conversation))
        .body("source", equalTo("api"))
        .body("fullAIResponse.outputText", equalTo("Hello."))
        .body("isAnonymized", equalTo(false));
    var messages = agent.get("/external/conversations/" + conversation + "/messages");
    messages
        .then()
        .statusCode(200)
        .body("messages", hasSize(2))
        .body("messages[0].senderRole", equalTo("conversation_user"))
        .body("messages[0].message", equalTo("When do you open?"))
        .body("messages[1].id", equalTo(reply.path("id")));
    String question = messages.path("messages[0].id");
    assertThat(reply.<String>path("conversationMessageId")).isEqualTo(question);
    assertThat(messages.<String>path("messages[0].conversationMessageId")).isEqualTo(question);
  }

  @Test
  void aMessageSentWithoutWaitingIsThereAtOnceAndItsAnswerLater() {
    var agent = Api.newAgent();
    var conversation = agent.newConversation();
    var path = "/external/conversations/" + conversation + "/messages";

    var question = agent.post(path + "/async", Map.of("message", "Anybody?"));

    question.then().statusCode(201).body("senderRole", equalTo("conversation_user"));
    var responseOn = path + "/" + question.path("id") + "/response-on";
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> agent.get(responseOn).path("status").equals("completed"));
    agent
        .get(responseOn)
        .then()
        .body("message.message", equalTo("Hello."))
        .body("error", nullValue());
  }
}

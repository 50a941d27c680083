package dev.colloquy.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.RowLocks;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariant 4 of starts: where a person took over, the agent does not begin to speak again. */
@ServerTest
class TakenOverStartTest {
  private static final String CONVERSATIONS = "/external/conversations/";

  @Inject Database database;
  private Api agent;
  private Map<String, Object> body;
  private String conversation;

  @BeforeEach
  void start() {
    agent = Api.newAgent();
    body =
        Map.of(
            "firstName",
            "Grace",
            "lastName",
            "Hopper",
            "channel",
            "sms",
            "phoneNumber",
            Unique.phone(),
            "smsIntroduction",
            "It was sent.");
    conversation = begin(body).then().statusCode(201).extract().path("conversationId");
  }

  private Response begin(Map<String, ?> request) {
    return agent.post(CONVERSATIONS + "start", request);
  }

  private Response messages() {
    return agent.get(CONVERSATIONS + conversation + "/messages");
  }

  private long deliveries() {
    return database.read(tx ->
        tx.createQuery("select count(*) from delivery where conversation_id = :id")
            .bind("id", UUID.fromString(conversation))
            .mapTo(Long.class)
            .one());
  }

  private void refused(Response answer) {
    answer
        .then()
        .statusCode(409)
        .body("message", equalTo("CONFLICT"))
        .body("details[0].field", equalTo("mode"))
        .body("details[0].message", containsString(conversation));
    messages().then().body("messages", hasSize(1));
    assertThat(deliveries()).isEqualTo(1);
  }

  @Test
  void invariant4AStartWhereAPersonTookOverSaysNothing() {
    agent
        .put(CONVERSATIONS + conversation + "/mode", Map.of("mode", "manual"))
        .then()
        .statusCode(200);

    refused(begin(body));

    agent.put(CONVERSATIONS + conversation + "/mode", Map.of("mode", "ai")).then().statusCode(200);
    begin(body).then().statusCode(201).body("conversationId", equalTo(conversation));
    messages().then().body("messages", hasSize(2));
  }

  @Test
  void aResetLeavesThePersonsConversationAndOpensAnother() {
    agent
        .put(CONVERSATIONS + conversation + "/mode", Map.of("mode", "manual"))
        .then()
        .statusCode(200);
    var reset = new HashMap<String, Object>(body);
    reset.put("resetConversation", true);

    String other = begin(reset).then().statusCode(201).extract().path("conversationId");

    assertThat(other).isNotEqualTo(conversation);
    messages().then().body("messages", hasSize(1));
    agent.get(CONVERSATIONS + other).then().body("mode", equalTo("ai"));
  }

  /** The take-over is being committed when the start reaches the conversation. */
  @Test
  void invariant4AStartThatWaitedForATakeOverSaysNothing() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Response> started =
          database.inTransaction(tx -> {
            tx.createUpdate(
                    """
                    update conversation_activity
                    set mode = 'manual', mode_epoch = mode_epoch + 1
                    where conversation_id = :id
                    """)
                .bind("id", UUID.fromString(conversation))
                .execute();
            var waiting = threads.submit(() -> begin(body));
            RowLocks.awaitWaiting(tx);
            return waiting;
          });

      refused(started.get(20, TimeUnit.SECONDS));
    }
  }
}

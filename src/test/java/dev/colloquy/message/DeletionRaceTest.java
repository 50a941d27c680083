package dev.colloquy.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.RowLocks;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Deletions meet somebody who is in the middle of writing to the conversation. Whoever locks in
 * another order ends one of the two with a deadlock, which PostgreSQL reports after a second.
 */
@ServerTest
class DeletionRaceTest {
  private static final String CONVERSATIONS = "/external/conversations/";

  @Inject Database database;
  private Api agent;
  private String conversation;
  private String user;

  @BeforeEach
  void start() {
    agent = Api.newAgent();
    conversation =
        agent
            .post(
                CONVERSATIONS + "start",
                Map.of(
                    "firstName",
                    "Grace",
                    "lastName",
                    "Hopper",
                    "channel",
                    "email",
                    "email",
                    Unique.email(),
                    "emailSubject",
                    "Your order",
                    "emailIntroduction",
                    "It was sent."))
            .path("conversationId");
    user = agent.get(CONVERSATIONS + conversation).path("conversationUserId");
  }

  @Test
  void aConversationIsDeletedWhileAPersonWritesInIt() throws Exception {
    deletes(() -> agent.delete(CONVERSATIONS + conversation), this::writesAMessage);
  }

  @Test
  void aUsersConversationsAreDeletedWhileAPersonWritesInOne() throws Exception {
    deletes(
        () -> agent.delete("/external/conversations", Map.of("conversationUserId", user)),
        this::writesAMessage);
  }

  @Test
  void aUserIsDeletedWhileAPersonWritesToIt() throws Exception {
    deletes(() -> agent.delete("/external/users/" + user), this::writesAMessage);
  }

  /** The server's own writers, all at once, against its own deletions. */
  @Test
  void nobodyWhoWritesOrDeletesAtTheSameMomentIsToldOfAFault() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var round = 0; round < 15; round++) {
        start();
        var id = CONVERSATIONS + conversation;
        agent.put(id + "/mode", Map.of("mode", "manual")).then().statusCode(200);
        String question = agent.get(id + "/messages").path("messages[0].id");
        var feedback =
            Map.of(
                "conversationMessageId",
                question,
                "userId",
                user,
                "voteType",
                "up",
                "question",
                "Was it?");
        var written = Map.of("message", "A person.");
        var owner = "/external/users/" + user;
        var deletesUser = round % 2 == 0;
        Supplier<Response> last = () -> agent.delete(deletesUser ? owner : id);
        var calls =
            List.<Supplier<Response>>of(
                () -> agent.post(id + "/send-manual-message", written),
                () -> agent.post("/external/conversation-message-feedbacks", feedback),
                () -> agent.post(id + "/send-manual-message", written),
                () -> agent.put(id, Map.of("title", "Told", "mode", "ai")),
                last);
        var answers = calls.stream().map(call -> threads.submit(call::get)).toList();
        for (var answer : answers) {
          assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isIn(200, 201, 204, 400, 404);
        }
      }
    }
  }

  /** As a manual message does it: the row of the conversation, and then a delivery. */
  private void writesAMessage(Handle tx) {
    tx.createUpdate(
            """
            insert into delivery (
              conversation_id, id, organization_id, agent_id, message_id, channel, status,
              recipient, body, created_at, updated_at)
            select conversation_id, gen_random_uuid(), organization_id, agent_id, message_id,
                   channel, status, recipient, body, created_at, updated_at
            from delivery
            where conversation_id = :id
            """)
        .bind("id", UUID.fromString(conversation))
        .execute();
  }

  private interface Write {
    void in(Handle tx);
  }

  private void deletes(Supplier<Response> deletion, Write write) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var deleted =
          database.inTransaction(tx -> {
            tx.createQuery(
                    """
                    select conversation_id from conversation_activity
                    where conversation_id = :id
                    for no key update
                    """)
                .bind("id", UUID.fromString(conversation))
                .mapTo(UUID.class)
                .one();
            var waiting = threads.submit(deletion::get);
            RowLocks.awaitWaiting(tx);
            write.in(tx);
            return waiting;
          });

      assertThat(deleted.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
      agent.get(CONVERSATIONS + conversation).then().statusCode(404);
    }
  }
}

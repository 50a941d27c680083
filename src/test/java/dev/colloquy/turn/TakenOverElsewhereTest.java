package dev.colloquy.turn;

import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.conversation.TakeOvers;
import dev.colloquy.message.ManualMessages;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers who wait at one node for what happens on another. */
@ServerTest
class TakenOverElsewhereTest {
  @Inject Database database;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    threads.close();
  }

  /**
   * What a caller is told is what a repeat of the request is told, however late this node looks.
   */
  @Test
  void aCallerGetsTheQuestionBackAlsoWherePersonsAnswerBeforeThisNodeLooks() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    var id = new ConversationId(UUID.fromString(conversation));
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                with n as (
                  insert into node (id, started_at, lease_until)
                  values (:node, now(), now() + interval '1 minute')
                ), head as (
                  update conversation_activity
                  set last_seq = last_seq + 1, open_turns = 1, fence = fence + 1
                  where conversation_id = :id
                  returning agent_id, last_seq
                ), question as (
                  insert into message (
                    conversation_id, seq, agent_id, position, id, role, source, text, tokens,
                    created_at)
                  select :id, last_seq, agent_id, 0, :node, 'conversation_user', 'api', 'Hi', 1,
                         now()
                  from head
                )
                insert into turn (
                  conversation_id, question_seq, question_id, agent_id, status, node_id, attempts,
                  created_at)
                select :id, last_seq, :node, agent_id, 'running', :node, 1, now() from head
                """)
            .bind("id", id.value())
            .bind("node", UUID.randomUUID())
            .execute());
    Future<Response> waiting = threads.submit(() -> scene.agent().send(conversation, "Behind it"));
    Scene.soon().until(() -> scene.turns(conversation).size() == 2);

    database.useTransaction(tx -> {
      var organization =
          tx.createQuery("select organization_id from conversation where id = :id")
              .bind("id", id.value())
              .mapTo(UUID.class)
              .one();
      var caller =
          new KeyOwner.OfAgent(
              new AgentId(UUID.fromString(scene.agentId())), new OrganizationId(organization));
      TakeOvers.change(tx, id, ConversationMode.MANUAL);
      ManualMessages.append(tx, caller, id, "A person.");
    });

    waiting
        .get(20, TimeUnit.SECONDS)
        .then()
        .statusCode(201)
        .body("senderRole", equalTo("conversation_user"))
        .body("message", equalTo("Behind it"));
  }
}

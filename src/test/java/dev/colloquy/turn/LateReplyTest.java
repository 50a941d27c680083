package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.AiResponse;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A reply that is ready when its turn was ended already is not stored, whatever else became of its
 * model's call: the database says no.
 */
@ServerTest
class LateReplyTest {
  @Inject Database database;
  @Inject TurnRepository turns;
  @Inject Holds holds;
  @Inject Node node;
  StubModelServer stub;

  private Scene scene;
  private String conversation;
  private Holds.Hold hold;

  @BeforeEach
  void begin() {
    scene = new Scene(database);
    scene.answers(stub, _ -> ModelAnswer.reply("Yes."));
    conversation = scene.agent().newConversation();
    // As if a thread of this node worked on it: nothing else takes the turn up.
    hold = holds.begin(id());
  }

  @AfterEach
  void end() {
    hold.end();
    stub.reset();
  }

  private ConversationId id() {
    return new ConversationId(UUID.fromString(conversation));
  }

  /** A turn of this node whose reply is under way. */
  private Turn claimed(String text) {
    var agent =
        database.read(tx ->
            tx.createQuery("select agent_id, organization_id from conversation where id = :id")
                .bind("id", id().value())
                .map((row, _) ->
                    new KeyOwner.OfAgent(
                        new AgentId(Rows.id(row, "agent_id")),
                        new OrganizationId(Rows.id(row, "organization_id"))))
                .one());
    var question =
        new TurnRepository.Question(
            agent,
            id(),
            new MessageId(UUID.randomUUID()),
            "api",
            text,
            null,
            TurnRepository.Wishes.NONE);
    return ((Accepted.Claimed) turns.accept(question, node.id()).orElseThrow()).turn();
  }

  private void assertNothingOf(Turn late) {
    assertThat(turns.holds(late)).isFalse();
    var reply = new Reply("Too late.", new AiResponse(null, null, null), "openai:m", 1, 1);
    assertThat(turns.reply(late, new MessageId(UUID.randomUUID()), reply)).isEmpty();
    assertThat(turns.fail(late, FailureReason.MODEL_FAILED, "too late")).isEmpty();
    assertThat(scene.texts(conversation, "assistant")).doesNotContain("Too late.");
  }

  private String send(String message, Map<String, ?> wishes) {
    var body = new HashMap<String, Object>(Map.of("message", message));
    body.putAll(wishes);
    return scene
        .agent()
        .post("/external/conversations/" + conversation + "/messages/async", body)
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  @Test
  void ofATurnThatWasCancelled() {
    var late = claimed("Hi");

    scene
        .agent()
        .delete(
            "/external/conversations/"
                + conversation
                + "/messages/"
                + late.question().id()
                + "/turn")
        .then()
        .statusCode(204);

    assertNothingOf(late);
    assertThat(scene.turns(conversation)).containsExactly("failed");
  }

  @Test
  void ofATurnThatWasInterrupted() {
    var gate = new TurnCalls.Gate();
    scene.answers(stub, _ -> gate.pass("Yes."));
    var late = claimed("Hi");
    String next;
    try {
      next = send("Well?", Map.of("whenBusy", "interrupt"));
      // Before the turn that interrupts ends, which raises the fence too.
      gate.awaitWaiting(1);
      assertNothingOf(late);
    } finally {
      gate.open.countDown();
    }

    Scene.soon().until(() -> scene.status(conversation, next).equals("completed"));
    assertThat(scene.texts(conversation, "assistant")).containsExactly("Yes.");
    assertThat(scene.turns(conversation)).containsExactly("merged", "completed");
  }

  /** The turn that interrupts does not run yet: it waits for more. */
  @Test
  void ofATurnThatWasInterruptedByABurst() {
    var late = claimed("Hi");

    send("Well?", Map.of("whenBusy", "interrupt", "burstWindowMs", 10_000));

    assertNothingOf(late);
    assertThat(scene.turns(conversation)).containsExactly("merged", "pending");
  }
}

package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns that somebody else left open. */
@ServerTest
class TurnRecoveryTest {
  private static final Duration PROMISED = Duration.ofSeconds(10);

  @Inject Database database;
  @Inject Node node;
  StubModelServer stub;

  @AfterEach
  void reset() {
    stub.reset();
  }

  @Test
  void aTurnOfADeadNodeIsAnsweredWithinTenSeconds() {
    var scene = new Scene(database);
    scene.answers(stub, request -> ModelAnswer.reply("to " + Scene.question(request)));
    var conversation = scene.agent().newConversation();
    var dead = UUID.randomUUID();
    database.useTransaction(tx ->
        tx.createUpdate("insert into node values (:id, now(), now() - interval '1 second')")
            .bind("id", dead)
            .execute());

    leaveOpen(conversation, dead, 1, "Anybody?");

    Awaitility.await()
        .atMost(PROMISED)
        .until(() -> scene.texts(conversation, "assistant").contains("to Anybody?"));
    assertThat(scene.turns(conversation)).containsExactly("completed");
  }

  /** Its questions are stored and wait for more; nobody is left who would begin. */
  @Test
  void aBurstThatADeadNodeGatheredIsAnswered() {
    var scene = new Scene(database);
    scene.answers(stub, request -> ModelAnswer.reply("to " + Scene.question(request)));
    var conversation = scene.agent().newConversation();

    leaveOpen(conversation, null, 0, "Anybody?");

    Awaitility.await()
        .atMost(PROMISED)
        .until(() -> scene.texts(conversation, "assistant").contains("to Anybody?"));
    assertThat(scene.turns(conversation)).containsExactly("completed");
  }

  @Test
  void aTurnThatThisNodeLostIsAnswered() {
    var scene = new Scene(database);
    scene.answers(stub, request -> ModelAnswer.reply("to " + Scene.question(request)));
    var conversation = scene.agent().newConversation();

    leaveOpen(conversation, node.id(), 1, "Anybody?");

    Awaitility.await()
        .atMost(PROMISED)
        .until(() -> scene.texts(conversation, "assistant").contains("to Anybody?"));
  }

  /** Whoever locks one conversation for long must not end the node's care for all others. */
  @Test
  void aConversationThatIsLockedHoldsUpNoOther() {
    var scene = new Scene(database);
    scene.answers(stub, request -> ModelAnswer.reply("to " + Scene.question(request)));
    var locked = scene.agent().newConversation();
    var other = scene.agent().newConversation();
    var holder = UUID.randomUUID();
    lease(holder, "1 hour");
    leaveOpen(locked, holder, 1, "Locked?");
    var done = new CountDownLatch(1);
    var isLocked = new CountDownLatch(1);
    var locking =
        CompletableFuture.runAsync(() ->
            database.useTransaction(tx -> {
              lock(tx, locked);
              isLocked.countDown();
              await(done);
            }));
    await(isLocked);

    lease(holder, "-1 second");
    // A sweep meets the lock.
    LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
    leaveOpen(other, holder, 1, "Free?");

    Awaitility.await()
        .atMost(PROMISED)
        .until(() -> scene.texts(other, "assistant").contains("to Free?"));
    assertThat(scene.texts(locked, "assistant")).isEmpty();
    done.countDown();
    locking.join();
    Awaitility.await()
        .atMost(PROMISED)
        .until(() -> scene.texts(locked, "assistant").contains("to Locked?"));
  }

  private void lease(UUID holder, String length) {
    var sql =
        """
        insert into node values (:id, now(), now() + cast(:length as interval))
        on conflict (id) do update set lease_until = excluded.lease_until
        """;
    database.useTransaction(
        tx -> tx.createUpdate(sql).bind("id", holder).bind("length", length).execute());
  }

  private static void lock(Handle tx, String conversation) {
    var sql =
        "select conversation_id from conversation_activity where conversation_id = :id for update";
    tx.createQuery(sql).bind("id", UUID.fromString(conversation)).mapTo(UUID.class).one();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What kills every node that takes it up must not go on for ever. */
  @Test
  void aTurnThatWasTakenUpTooOftenFails() {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();

    leaveOpen(conversation, UUID.randomUUID(), 3, "Poison?");

    Awaitility.await()
        .atMost(PROMISED)
        .until(() -> scene.turns(conversation).equals(java.util.List.of("failed")));
    scene
        .responseOn(conversation, scene.idOf(conversation, "Poison?"))
        .then()
        .body("status", equalTo("failed"))
        .body("error", equalTo("The reply could not be made, after several attempts."));
    assertThat(scene.texts(conversation, "assistant")).isEmpty();
    scene.agent().send(conversation, "And now?").then().statusCode(201);
  }

  /** A turn that a node runs, or, where there is no holder, one that was to start in a second. */
  private void leaveOpen(String conversation, @Nullable UUID holder, int attempts, String text) {
    var sql =
        """
        with head as (
          update conversation_activity
          set last_seq = last_seq + 1, open_turns = open_turns + 1, fence = fence + 1
          where conversation_id = :id
          returning agent_id, last_seq
        ), question as (
          insert into message (
            conversation_id, seq, agent_id, position, id, role, source, text, tokens, created_at)
          select :id, last_seq, agent_id, 0, :message, 'conversation_user', 'api', :text, 1, now() from head
        )
        insert into turn (
          conversation_id, question_seq, question_id, agent_id, status, node_id, attempts,
          created_at, starts_at)
        select :id, last_seq, :message, agent_id, :status, :holder, :attempts, now(),
               case :status when 'pending' then now() + interval '1 second' end
        from head
        """;
    database.useTransaction(tx ->
        tx.createUpdate(sql)
            .bind("id", UUID.fromString(conversation))
            .bind("message", UUID.randomUUID())
            .bind("text", text)
            .bind("status", holder == null ? "pending" : "running")
            .bind("holder", holder)
            .bind("attempts", attempts)
            .execute());
  }
}

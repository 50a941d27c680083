package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant 4: a person wins. */
@ServerTest
class TakeOverTest {
  @Inject Database database;
  @Inject TurnRunner runner;
  @Inject TurnRepository turns;
  @Inject Admission admission;
  @Inject Holds holds;
  @Inject Node node;
  StubModelServer stub;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void reset() {
    stub.reset();
    threads.close();
  }

  @Test
  void invariant4TakingOverEndsTheModelsCallAndTheCallerGetsTheQuestionBack() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    var abandoned = stub.abandoned();
    var waiting = send(scene, conversation, "Anybody?");
    awaitAsked(scene, 1);

    scene.mode(conversation, "manual").then().statusCode(200);

    waiting
        .get(10, TimeUnit.SECONDS)
        .then()
        .statusCode(201)
        .body("senderRole", equalTo("conversation_user"))
        .body("message", equalTo("Anybody?"));
    Scene.soon().until(() -> stub.abandoned() > abandoned);
    assertThat(scene.texts(conversation, "assistant")).isEmpty();
    assertThat(scene.turns(conversation)).containsExactly("superseded");
  }

  @Test
  void invariant4QuestionsThatWaitBehindAreForThePersonToo() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    var first = send(scene, conversation, "first");
    awaitAsked(scene, 1);
    var second = send(scene, conversation, "second");
    var third = scene.async(conversation, "third").jsonPath().getString("id");
    Scene.soon().until(() -> scene.turns(conversation).size() == 3);

    scene.mode(conversation, "manual").then().statusCode(200);

    first.get(10, TimeUnit.SECONDS).then().statusCode(201).body("message", equalTo("first"));
    second.get(10, TimeUnit.SECONDS).then().statusCode(201).body("message", equalTo("second"));
    assertThat(scene.status(conversation, third)).isEqualTo("pending");
    assertThat(scene.turns(conversation)).containsOnly("superseded");
    // Nothing is asked for them, also not by what looks for turns that nobody works on.
    assertThat(asked(scene)).isEqualTo(1);
  }

  @Test
  void invariant4ATakeOverBetweenTheClaimAndTheCallLeavesTheModelUnasked() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    scene.answers(stub, _ -> ModelAnswer.reply("Never."));
    var id = new ConversationId(UUID.fromString(conversation));
    var agent = owner(conversation);
    var question =
        new TurnRepository.Question(
            agent,
            id,
            new MessageId(UUID.randomUUID()),
            "api",
            "Hi",
            null,
            TurnRepository.Wishes.NONE);
    var permit = admission.enter(agent.agent());
    var hold = holds.begin(id);
    assertThat(turns.accept(question, node.id()).orElseThrow())
        .isInstanceOfSatisfying(
            Accepted.Claimed.class,
            claimed -> {
              scene.mode(conversation, "manual").then().statusCode(200);
              runner.run(claimed.turn(), hold, permit);
            });

    Scene.soon().until(() -> !runner.isHeld(id));
    assertThat(asked(scene)).isZero();
    assertThat(scene.turns(conversation)).containsExactly("superseded");
  }

  private KeyOwner.OfAgent owner(String conversation) {
    return database.read(tx ->
        tx.createQuery("select agent_id, organization_id from conversation where id = :id")
            .bind("id", UUID.fromString(conversation))
            .map((row, _) ->
                new KeyOwner.OfAgent(
                    new AgentId(Rows.id(row, "agent_id")),
                    new OrganizationId(Rows.id(row, "organization_id"))))
            .one());
  }

  /** The reply is there and waits for the row when the take-over is committed. */
  @Test
  void invariant4AReplyThatComesAfterTheTakeOverIsNotStored() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    var asked = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    scene.answers(
        stub,
        _ -> {
          asked.countDown();
          await(release);
          return ModelAnswer.reply("Too late.");
        });
    var waiting = send(scene, conversation, "Anybody?");
    await(asked);

    database.useTransaction(tx -> {
      tx.createQuery(
              "select 1 from conversation_activity where conversation_id = :id for no key update")
          .bind("id", UUID.fromString(conversation))
          .mapTo(Integer.class)
          .one();
      // As the server does it, in another process: nobody tells this one.
      tx.createUpdate(
              """
              update conversation_activity
              set mode = 'manual', mode_epoch = mode_epoch + 1, open_turns = 0
              where conversation_id = :id
              """)
          .bind("id", UUID.fromString(conversation))
          .execute();
      tx.createUpdate("update turn set status = 'superseded' where conversation_id = :id")
          .bind("id", UUID.fromString(conversation))
          .execute();
      release.countDown();
      awaitLockedOut();
    });

    waiting
        .get(10, TimeUnit.SECONDS)
        .then()
        .statusCode(201)
        .body("senderRole", equalTo("conversation_user"));
    assertThat(scene.texts(conversation, "assistant")).isEmpty();
  }

  /** The take-over waits for the row while the question is stored, and must see its turn. */
  @Test
  void invariant4ATakeOverThatWaitedForAQuestionTakesItOver() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    scene.answers(stub, _ -> ModelAnswer.reply("Never."));
    var lock = new CountDownLatch(1);
    var locked = new CountDownLatch(1);
    var holder =
        threads.submit(() -> {
          database.useTransaction(tx -> {
            tx.createUpdate(
                    "update conversation_activity set updated_at = now() where conversation_id = :id")
                .bind("id", UUID.fromString(conversation))
                .execute();
            // A question in the middle of being stored, by another server.
            tx.createUpdate(
                    """
                    with head as (
                      update conversation_activity
                      set last_seq = last_seq + 1, open_turns = open_turns + 1, fence = fence + 1
                      where conversation_id = :id
                      returning agent_id, last_seq
                    ), question as (
                      insert into message (
                        conversation_id, seq, agent_id, position, id, role, source, text, tokens,
                        created_at)
                      select :id, last_seq, agent_id, 0, :message, 'conversation_user', 'api', 'Hi', 1, now()
                      from head
                    )
                    insert into turn (
                      conversation_id, question_seq, question_id, agent_id, status, created_at)
                    select :id, last_seq, :message, agent_id, 'pending', now() from head
                    """)
                .bind("id", UUID.fromString(conversation))
                .bind("message", UUID.randomUUID())
                .execute();
            locked.countDown();
            await(lock);
          });
          return true;
        });
    await(locked);
    Future<Response> taken = threads.submit(() -> scene.mode(conversation, "manual"));
    awaitLockedOut();
    lock.countDown();
    assertThat(holder.get(10, TimeUnit.SECONDS)).isTrue();

    taken.get(10, TimeUnit.SECONDS).then().statusCode(200).body("mode", equalTo("manual"));

    assertThat(scene.turns(conversation)).containsExactly("superseded");
  }

  @Test
  void handingBackAnswersNoOldQuestionButTheNextMessage() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    scene.mode(conversation, "manual").then().statusCode(200);
    scene
        .agent()
        .send(conversation, "old")
        .then()
        .statusCode(201)
        .body("senderRole", equalTo("conversation_user"));
    var old = scene.idOf(conversation, "old");
    assertThat(scene.turns(conversation)).isEmpty();

    scene.mode(conversation, "ai").then().statusCode(200);

    scene
        .agent()
        .send(conversation, "new")
        .then()
        .statusCode(201)
        .body("senderRole", equalTo("assistant"));
    assertThat(scene.texts(conversation, "assistant")).hasSize(1);
    assertThat(scene.status(conversation, old)).isEqualTo("pending");
  }

  @Test
  void aQuestionIsPendingUntilAPersonAnswersIt() {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    scene.mode(conversation, "manual").then().statusCode(200);
    var first = scene.async(conversation, "first").jsonPath().getString("id");
    var second = scene.async(conversation, "second").jsonPath().getString("id");
    scene
        .responseOn(conversation, first)
        .then()
        .body("status", equalTo("pending"))
        .body("message", nullValue())
        .body("error", nullValue());

    scene
        .manual(conversation, Map.of("message", "To you.", "conversationMessageId", first))
        .then()
        .statusCode(200);

    scene
        .responseOn(conversation, first)
        .then()
        .body("status", equalTo("completed"))
        .body("message.message", equalTo("To you."))
        .body("message.senderRole", equalTo("manual_assistant"));
    scene.manual(conversation, Map.of("message", "To all.")).then().statusCode(200);
    scene
        .responseOn(conversation, second)
        .then()
        .body("status", equalTo("completed"))
        .body("message.message", equalTo("To all."));
  }

  /** What ends a call may be meant for the turn before: the call is made again. */
  @Test
  void aTurnThatIsInterruptedThoughNobodyTookOverIsAnswered() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    var calls = new java.util.concurrent.atomic.AtomicInteger();
    scene.answers(
        stub,
        _ ->
            calls.incrementAndGet() == 1 ? new ModelAnswer.Silence() : ModelAnswer.reply("Again."));
    var waiting = send(scene, conversation, "Anybody?");
    awaitAsked(scene, 1);

    runner.asked().stream()
        .filter(place -> place.conversation().toString().equals(conversation))
        .forEach(runner::interrupt);

    waiting.get(10, TimeUnit.SECONDS).then().statusCode(201).body("message", equalTo("Again."));
  }

  /** A take-over by another node: this one is not told, but sees it soon. */
  @Test
  void aTakeOverOnAnotherNodeEndsTheModelsCallToo() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    var waiting = send(scene, conversation, "Anybody?");
    awaitAsked(scene, 1);

    database.useTransaction(tx -> {
      tx.createUpdate(
              """
              update conversation_activity
              set mode = 'manual', mode_epoch = mode_epoch + 1, open_turns = 0
              where conversation_id = :id
              """)
          .bind("id", UUID.fromString(conversation))
          .execute();
      tx.createUpdate("update turn set status = 'superseded' where conversation_id = :id")
          .bind("id", UUID.fromString(conversation))
          .execute();
    });

    waiting.get(10, TimeUnit.SECONDS).then().statusCode(201).body("message", equalTo("Anybody?"));
  }

  /** Between the answer to a take-over and the hand-back no reply is stored, in any order. */
  @Test
  void invariant4NoInterleavingLetsTheAgentSpeakAfterATakeOver() throws Exception {
    var scene = new Scene(database);
    scene.answers(
        stub,
        request -> {
          var pieces = Scene.question(request).length() % 3 == 0 ? 1 : 40;
          return new ModelAnswer.Reply(
              java.util.Collections.nCopies(pieces, "word "),
              1,
              1,
              ModelAnswer.Ending.COMPLETE,
              pieces == 1 ? 0 : 64);
        });
    var plays = new ArrayList<Callable<String>>();
    for (int i = 0; i < 40; i++) {
      var random = new Random(i);
      var conversation = scene.agent().newConversation();
      plays.add(() -> play(scene, conversation, random));
    }
    var conversations = new ArrayList<String>();
    try (var players = Executors.newFixedThreadPool(8)) {
      for (var played : players.invokeAll(plays)) {
        conversations.add(played.get());
      }
    }

    for (var conversation : conversations) {
      Scene.soon().until(() -> scene.turns(conversation).stream().noneMatch(TakeOverTest::isOpen));
    }
    assertThat(replied(scene)).as("some were answered").isPositive();
  }

  private static boolean isOpen(String status) {
    return status.equals("pending") || status.equals("running");
  }

  private long replied(Scene scene) {
    return scene.count(
        "select count(*) from message m join conversation c on c.id = m.conversation_id"
            + " where m.role = 'assistant' and c.agent_id = '%s'".formatted(scene.agentId()));
  }

  private String play(Scene scene, String conversation, Random random) throws Exception {
    for (int round = 0; round < 6; round++) {
      var sends =
          IntStream.range(0, 1 + random.nextInt(3))
              .mapToObj(_ -> "q".repeat(1 + random.nextInt(9)))
              .map(text -> threads.submit(() -> scene.async(conversation, text).statusCode()))
              .toList();
      if (random.nextBoolean()) {
        sends.getFirst().get(20, TimeUnit.SECONDS);
      }
      scene.mode(conversation, "manual").then().statusCode(200);
      var taken = replies(conversation);
      if (random.nextBoolean()) {
        scene.manual(conversation, Map.of("message", "A person.")).then().statusCode(200);
      }
      for (var send : sends) {
        assertThat(send.get(20, TimeUnit.SECONDS)).isEqualTo(201);
      }
      assertThat(replies(conversation)).as("replies since the take-over").isEqualTo(taken);
      scene.mode(conversation, "ai").then().statusCode(200);
    }
    return conversation;
  }

  private List<Long> replies(String conversation) {
    return database.read(tx ->
        tx.createQuery(
                """
                select seq from message
                where conversation_id = :id and role = 'assistant'
                order by seq
                """)
            .bind("id", UUID.fromString(conversation))
            .mapTo(Long.class)
            .list());
  }

  private Future<Response> send(Scene scene, String conversation, String message) {
    return threads.submit(() -> scene.agent().send(conversation, message));
  }

  private long asked(Scene scene) {
    return stub.requests().stream().filter(r -> r.model().equals(scene.model())).count();
  }

  private void awaitAsked(Scene scene, int times) {
    Scene.soon().until(() -> asked(scene) >= times);
  }

  /** Waits until some statement of the server waits for a row that this test has locked. */
  private void awaitLockedOut() {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            database.read(tx ->
                tx.createQuery(
                        """
                        select count(*) from pg_stat_activity
                        where datname = current_database()
                          and wait_event_type = 'Lock'
                        """)
                    .mapTo(Long.class)
                    .one())
                > 0);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

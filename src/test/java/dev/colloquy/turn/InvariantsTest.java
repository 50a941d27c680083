package dev.colloquy.turn;

import static dev.colloquy.turn.TurnCalls.SOON;
import static dev.colloquy.turn.TurnCalls.async;
import static dev.colloquy.turn.TurnCalls.mode;
import static dev.colloquy.turn.TurnCalls.race;
import static dev.colloquy.turn.TurnCalls.responseOn;
import static dev.colloquy.turn.TurnCalls.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerKeys;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The design's invariants of turns; each test names its own. */
@ServerTest
class InvariantsTest {
  StubModelServer models;
  @Inject Database database;
  @Inject TurnRepository turns;

  @AfterEach
  void forget() {
    models.reset();
  }

  @Test
  void invariant1AQuestionIsCommittedBeforeTheModelIsCalled() {
    var text = "Is it kept? " + UUID.randomUUID();
    var seen = new ConcurrentLinkedQueue<Integer>();
    models.always(request -> {
      if (request.body().toString().contains(text)) {
        seen.add(count("select count(*) from message where text = :a", text, null));
      }
      return ModelAnswer.reply("Yes.");
    });
    var agent = Api.newAgent();

    agent.send(agent.newConversation(), text).then().statusCode(201);

    assertThat(seen).containsExactly(1);
  }

  @Test
  void invariant2ASecondReplyToAQuestionIsImpossible() {
    var agent = Api.newAgent();
    var conversation = agent.newConversation();
    agent.send(conversation, "Once?").then().statusCode(201);

    var again =
        """
        insert into message (
          conversation_id, seq, agent_id, position, id, question_id, role, source, text, tokens,
          created_at)
        select conversation_id, seq + 100, agent_id, position, gen_random_uuid(), question_id, role, source, text,
               tokens, created_at
        from message
        where conversation_id = :id and role = 'assistant'
        """;

    assertThatThrownBy(() ->
            database.useTransaction(
                tx -> tx.createUpdate(again).bind("id", UUID.fromString(conversation)).execute()))
        .hasMessageContaining("message_one_reply");
  }

  @Test
  void invariant2OfManyWhoClaimAnAbandonedTurnOneGetsItAndTheOldHolderCannotCommit()
      throws Exception {
    var gate = new TurnCalls.Gate();
    var first = new AtomicInteger();
    models.always(request ->
        first.getAndIncrement() == 0 ? gate.pass("Too late.") : ModelAnswer.reply("In time."));
    var agent = Api.newAgent();
    var conversation = agent.newConversation();
    String question = async(agent, conversation, "Who has it?").path("id");
    gate.awaitWaiting(1);
    var id = new ConversationId(UUID.fromString(conversation));
    // Its node is gone, as far as the database knows.
    database.useTransaction(tx ->
        tx.createUpdate("update turn set node_id = :node where conversation_id = :id")
            .bind("node", UUID.randomUUID())
            .bind("id", id.value())
            .execute());

    // The server's own sweep is one of those who try.
    var claimed = race(8, () -> turns.claimFirst(id, leasedNode()).isPresent());
    assertThat(claimed.stream().filter(c -> c)).hasSizeLessThanOrEqualTo(1);
    // The leases end, so that the server takes the turn up if it was not the one who won.
    await().atMost(SOON).until(() -> responseOn(agent, conversation, question).equals("completed"));
    gate.open.countDown();

    await().pollDelay(Duration.ofMillis(500)).atMost(SOON).until(() -> true);
    assertThat(texts(agent, conversation)).containsExactly("Who has it?", "In time.");
  }

  @Test
  void invariant2ACommitUnderAnOldFenceStoresNothing() {
    var gate = new TurnCalls.Gate();
    var first = new AtomicInteger();
    models.always(request ->
        first.getAndIncrement() == 0 ? gate.pass("Late.") : ModelAnswer.reply("Taken up."));
    var agent = Api.newAgent();
    var conversation = agent.newConversation();
    async(agent, conversation, "Fenced?");
    gate.awaitWaiting(1);
    var id = new ConversationId(UUID.fromString(conversation));
    raise(id, "fence = fence + 1");
    gate.open.countDown();

    // The sweep takes the turn up, since this node holds it and no thread works on it.
    await().atMost(SOON).until(() -> texts(agent, conversation).size() > 1);
    assertThat(texts(agent, conversation)).containsExactly("Fenced?", "Taken up.");
  }

  @Test
  void invariant3TurnsOfAConversationRunOneAtATimeInTheOrderOfTheirQuestions() throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    models.always(request -> {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      running.decrementAndGet();
      var messages = request.body().path("messages");
      return ModelAnswer.reply("to " + messages.get(messages.size() - 1).path("content").asText());
    });
    var agent = Api.newAgent();
    var conversation = agent.newConversation();
    var number = new AtomicInteger();

    var statuses =
        race(
            24,
            () -> {
              var n = number.getAndIncrement();
              return n % 2 == 0
                  ? agent.send(conversation, "q" + n).statusCode()
                  : async(agent, conversation, "q" + n).statusCode();
            });

    assertThat(statuses).containsOnly(201);
    await().atMost(SOON).until(() -> texts(agent, conversation).size() == 48);
    assertThat(most).hasValue(1);
    var messages = agent.get("/external/conversations/" + conversation + "/messages").jsonPath();
    var asked = new ArrayList<String>();
    var answered = new ArrayList<String>();
    for (Map<String, Object> m : messages.<Map<String, Object>>getList("messages")) {
      if (m.get("senderRole").equals("assistant")) {
        answered.add((String) m.get("message"));
      } else {
        asked.add("to " + m.get("message"));
      }
    }
    assertThat(answered).containsExactlyElementsOf(asked);
  }

  @Test
  void invariant4AfterATakeoverIsAnsweredTheAgentSaysNothingMore() throws Exception {
    var gate = new TurnCalls.Gate();
    models.always(request -> gate.pass("I am the agent."));
    var agent = Api.newAgent();
    var conversation = agent.newConversation();
    try (var caller = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Response> waiting = caller.submit(() -> agent.send(conversation, "A person, please."));
      gate.awaitWaiting(1);
      mode(agent, conversation, "manual").then().statusCode(200);
      gate.open.countDown();

      waiting
          .get(20, TimeUnit.SECONDS)
          .then()
          .statusCode(201)
          .body("senderRole", equalTo("conversation_user"))
          .body("message", equalTo("A person, please."));
    }
    assertThat(texts(agent, conversation)).containsExactly("A person, please.");
    String question =
        agent.get("/external/conversations/" + conversation + "/messages").path("messages[0].id");
    assertThat(responseOn(agent, conversation, question)).isEqualTo("pending");

    agent
        .post(
            "/external/conversations/" + conversation + "/send-manual-message",
            Map.of("message", "Here I am."))
        .then()
        .statusCode(200);
    assertThat(responseOn(agent, conversation, question)).isEqualTo("completed");
    mode(agent, conversation, "ai").then().statusCode(200);
    models.always(request -> ModelAnswer.reply("Back."));
    agent.send(conversation, "And now?").then().statusCode(201).body("message", equalTo("Back."));
    assertThat(texts(agent, conversation))
        .containsExactly("A person, please.", "Here I am.", "And now?", "Back.");
  }

  @Test
  void invariant5NoTransactionIsOpenWhileModelsAreAsked() throws Exception {
    var gate = new TurnCalls.Gate();
    models.always(request -> gate.pass("Done."));
    var agent = Api.newAgent();
    for (var n = 0; n < 40; n++) {
      async(agent, agent.newConversation(), "Anybody?").then().statusCode(201);
    }
    gate.awaitWaiting(40);
    var open =
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
          and (state <> 'idle' or xact_start is not null)
          and query not ilike '%node%' and query not ilike '%scheduled_tasks%'
        """;

    await().atMost(SOON).until(() -> count(open, null, null) == 0);
    gate.open.countDown();
  }

  @Test
  void invariant9NoKeyIsStoredAsItIs() {
    var columns =
        """
        select table_name || '.' || column_name
        from information_schema.columns
        where table_schema = 'public'
          and data_type in ('text', 'jsonb', 'ARRAY', 'bytea', 'character varying')
        """;
    database.useTransaction(tx -> {
      for (var column : tx.createQuery(columns).mapTo(String.class).list()) {
        var table = column.substring(0, column.indexOf('.'));
        var name = column.substring(column.indexOf('.') + 1);
        var found =
            tx.createQuery(
                    """
                    select count(*) from <t>
                    where position(:key in cast(<c> as text)) > 0
                       or position(encode(convert_to(:key, 'UTF8'), 'hex') in cast(<c> as text)) > 0
                    """)
                .define("t", table)
                .define("c", name)
                .bind("key", ServerKeys.AGENT)
                .mapTo(Integer.class)
                .one();
        assertThat(found).as(column).isZero();
      }
    });
  }

  /** A node that is not there and whose lease ends in two seconds. */
  private UUID leasedNode() {
    var node = UUID.randomUUID();
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                insert into node (id, started_at, lease_until)
                values (:id, now(), now() + interval '2 seconds')
                """)
            .bind("id", node)
            .execute());
    return node;
  }

  private void raise(ConversationId id, String change) {
    database.useTransaction(tx ->
        tx.createUpdate("update conversation_activity set <change> where conversation_id = :id")
            .define("change", change)
            .bind("id", id.value())
            .execute());
  }

  private int count(String sql, String a, UUID b) {
    return database.read(tx -> {
      var query = tx.createQuery(sql);
      if (a != null) {
        query.bind("a", a);
      }
      if (b != null) {
        query.bind("b", b);
      }
      return query.mapTo(Integer.class).one();
    });
  }
}

package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.conversation.TakeOvers;
import dev.colloquy.message.AiResponse;
import dev.colloquy.message.ManualMessages;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.testing.TestDatabase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Invariant 4 on two nodes: questions, replies, take-overs, hand-backs and a person's messages race
 * on a real PostgreSQL. {@code -Dtakeover.interleavings=} says how often, {@code -Dtakeover.seed=}
 * repeats the pauses and the choices.
 */
class TakeOverRaceTest {
  @RegisterExtension static final TestDatabase database = TestDatabase.migrated();

  private static final int INTERLEAVINGS = Integer.getInteger("takeover.interleavings", 10_000);
  private static final int PLAYERS = 5;
  private static final int PAUSE_MICROS = 1_500;

  private final KeyOwner.OfAgent owner =
      new KeyOwner.OfAgent(new AgentId(UUID.randomUUID()), new OrganizationId(UUID.randomUUID()));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger tooLate = new AtomicInteger();
  private final AtomicInteger spoken = new AtomicInteger();

  /** One of the servers: it shares nothing with the other but the database. */
  private final class RacingNode {
    private final UUID id = UUID.randomUUID();
    private final TurnRepository turns =
        new TurnRepository(
            database.database(), TurnConfigs.of("history-messages", "2"), Clock.systemUTC(), null);

    RacingNode() {
      database
          .database()
          .useTransaction(tx ->
              tx.createUpdate(
                      """
                      insert into node (id, started_at, lease_until)
                      values (:id, now(), now() + interval '1 hour')
                      """)
                  .bind("id", id)
                  .execute());
    }

    /** Stores a question, and answers it and those behind it while they are this node's. */
    private void ask(ConversationId conversation, SplittableRandom random) {
      var question =
          new TurnRepository.Question(
              owner,
              conversation,
              new MessageId(UUID.randomUUID()),
              "api",
              "Hi",
              null,
              TurnRepository.Wishes.NONE);
      var accepted = turns.accept(question, id);
      if (accepted.isEmpty() || !(accepted.get() instanceof Accepted.Claimed(var first))) {
        return; // another turn is open, or a person answers
      }
      var next = Optional.of(first);
      while (next.isPresent()) {
        pause(random);
        next =
            end(next.get(), random)
                ? turns.claimFirst(conversation, id).map(TurnRepository.Claim::turn)
                : Optional.empty();
      }
    }

    /** Whether the turn was still this node's to end. */
    private boolean end(Turn turn, SplittableRandom random) {
      var stored =
          random.nextInt(10) == 0
              ? turns.fail(turn, FailureReason.MODEL_FAILED, "").isPresent()
              : turns
                  .reply(
                      turn,
                      new MessageId(UUID.randomUUID()),
                      new Reply("Hello.", new AiResponse(null, null, null), "openai:m", 1, 1))
                  .isPresent();
      if (!stored) {
        tooLate.incrementAndGet();
      }
      return stored;
    }
  }

  @Test
  void invariant4NoInterleavingOnTwoNodesLetsTheAgentSpeakForAPerson() throws Exception {
    long seed = Long.getLong("takeover.seed", System.nanoTime());
    var nodes = List.of(new RacingNode(), new RacingNode());
    var conversations = makeConversations();
    var players = new ArrayList<Callable<Integer>>();
    for (var i = 0; i < PLAYERS; i++) {
      var conversation = conversations.get(i);
      var random = new SplittableRandom(seed + i);
      players.add(() -> play(nodes, conversation, random));
    }
    var start = System.nanoTime();
    var played = 0;
    for (var player : threads.invokeAll(players)) {
      played += player.get();
    }

    var replies = count("select count(*) from message where role = 'assistant'");
    System.out.printf(
        "take-over: seed=%d interleavings=%d nodes=2 replies=%d too-late=%d by-persons=%d seconds=%d%n",
        seed,
        played,
        replies,
        tooLate.get(),
        spoken.get(),
        (System.nanoTime() - start) / 1_000_000_000);
    assertThat(spokenForAPerson()).as("seed %d", seed).isEmpty();
    assertThat(wronglyEnded()).as("seed %d", seed).isEmpty();
    assertThat(count("select count(*) from conversation_activity where open_turns <> 0")).isZero();
    assertThat(played).isEqualTo(INTERLEAVINGS / PLAYERS * PLAYERS);
    // That they did race: many replies were in time, and many were not.
    assertThat(replies).isGreaterThan(played / 10);
    assertThat(tooLate.get()).isGreaterThan(played / 10);
    assertThat(spoken.get()).isGreaterThan(played / 10);
  }

  private int play(List<RacingNode> nodes, ConversationId conversation, SplittableRandom random)
      throws Exception {
    var rounds = INTERLEAVINGS / PLAYERS;
    for (var round = 0; round < rounds; round++) {
      var racing = new ArrayList<Future<?>>();
      for (var node : nodes) {
        var own = random.split();
        racing.add(
            threads.submit(() -> {
              pause(own);
              node.ask(conversation, own);
            }));
      }
      takeOver(conversation, random);
      for (var one : racing) {
        one.get();
      }
    }
    return rounds;
  }

  private void takeOver(ConversationId conversation, SplittableRandom random) {
    pause(random);
    pause(random);
    mode(conversation, ConversationMode.MANUAL);
    pause(random);
    if (random.nextInt(3) == 0) {
      var stored =
          database
              .database()
              .inTransaction(tx -> ManualMessages.append(tx, owner, conversation, "A person."));
      assertThat(stored).as("a person can write who has taken over").isTrue();
      spoken.incrementAndGet();
    }
    mode(conversation, ConversationMode.AI);
  }

  private static void mode(ConversationId conversation, ConversationMode mode) {
    database.database().useTransaction(tx -> TakeOvers.change(tx, conversation, mode));
  }

  private static void pause(SplittableRandom random) {
    LockSupport.parkNanos(random.nextInt(PAUSE_MICROS) * 1_000L);
  }

  /** Replies that stand where a person had the conversation. */
  private static List<String> spokenForAPerson() {
    return list(
        """
        with numbered as (
          select conversation_id, seq, role, null as mode from message
          union all
          select conversation_id, seq, null, data ->> 'mode' from conversation_event
          where type = 'mode.changed'
        ), times as (
          select *, count(mode) over (partition by conversation_id order by seq) as changes
          from numbered
        ), told as (
          select *, first_value(mode) over (
                      partition by conversation_id, changes order by seq) as current
          from times
        )
        select conversation_id || ' ' || seq from told
        where role = 'assistant' and current = 'manual'
        """);
  }

  /** Turns that are open, or have another number of replies than they say. */
  private static List<String> wronglyEnded() {
    return list(
        """
        select t.conversation_id || ' ' || t.question_seq || ' ' || t.status
        from turn t
        left join message r on r.conversation_id = t.conversation_id
          and r.question_id = t.question_id and r.role = 'assistant'
        where t.status in ('pending', 'running')
          or (t.status = 'completed') <> (r.id is not null)
        """);
  }

  private static List<String> list(String sql) {
    return database.database().read(tx -> tx.createQuery(sql).mapTo(String.class).list());
  }

  private static int count(String sql) {
    return database.database().read(tx -> tx.createQuery(sql).mapTo(Integer.class).one());
  }

  private List<ConversationId> makeConversations() {
    var made = new ArrayList<ConversationId>();
    database
        .database()
        .useTransaction(tx -> {
          tx.createUpdate(
                  """
                  with o as (
                    insert into organization (id, name, created_at, updated_at)
                    values (:o, 'O', now(), now())
                  ), r as (
                    insert into agent_role (id, organization_id, name, description)
                    values (:r, :o, 'R', 'R')
                  ), g as (
                    insert into agent (
                      id, organization_id, role_id, name, public_name, created_at, updated_at)
                    values (:g, :o, :r, 'A', 'A', now(), now())
                  )
                  insert into conversation_user (
                    id, organization_id, first_name, last_name, created_at, updated_at)
                  values (:o, :o, 'Grace', 'Hopper', now(), now())
                  """)
              .bind("o", owner.organization().value())
              .bind("r", UUID.randomUUID())
              .bind("g", owner.agent().value())
              .execute();
          for (var i = 0; i < PLAYERS; i++) {
            var id = UUID.randomUUID();
            tx.createUpdate(
                    """
                    with c as (
                      insert into conversation (
                        id, organization_id, agent_id, user_id, channel, created_at)
                      values (:c, :o, :g, :o, 'api', now())
                    )
                    insert into conversation_activity (
                      conversation_id, agent_id, status, mode, updated_at)
                    values (:c, :g, 'active', 'ai', now())
                    """)
                .bind("c", id)
                .bind("o", owner.organization().value())
                .bind("g", owner.agent().value())
                .execute();
            made.add(new ConversationId(id));
          }
        });
    return made;
  }
}

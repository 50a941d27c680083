package dev.colloquy.turn;

import static dev.colloquy.turn.Lock.WHEN_FREE;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.AiResponse;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The statements of turns, with races and with nodes that lost their turns. */
class TurnRepositoryTest {
  @RegisterExtension static final TestDatabase database = TestDatabase.migrated();

  private final UUID node = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();
  private final ConversationId conversation = new ConversationId(UUID.randomUUID());
  private KeyOwner.OfAgent owner;
  private TurnRepository turns;

  @BeforeEach
  void make() {
    turns = new TurnRepository(database.database(), TurnConfigs.of(), Clock.systemUTC(), null);
    owner =
        new KeyOwner.OfAgent(new AgentId(UUID.randomUUID()), new OrganizationId(UUID.randomUUID()));
    var sql =
        """
        with o as (
          insert into organization (id, name, created_at, updated_at) values (:o, 'O', now(), now())
        ), r as (
          insert into agent_role (id, organization_id, name, description) values (:r, :o, 'R', 'R')
        ), g as (
          insert into agent (
            id, organization_id, role_id, name, public_name, created_at, updated_at)
          values (:g, :o, :r, 'A', 'A', now(), now())
        ), u as (
          insert into conversation_user (
            id, organization_id, first_name, last_name, created_at, updated_at)
          values (:u, :o, 'Grace', 'Hopper', now(), now())
        ), c as (
          insert into conversation (id, organization_id, agent_id, user_id, channel, created_at)
          values (:c, :o, :g, :u, 'api', now())
        )
        insert into conversation_activity (conversation_id, agent_id, status, mode, updated_at)
        values (:c, :g, 'active', 'ai', now())
        """;
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate(sql)
                .bind("o", owner.organization().value())
                .bind("r", UUID.randomUUID())
                .bind("g", owner.agent().value())
                .bind("u", UUID.randomUUID())
                .bind("c", conversation.value())
                .execute());
    lease(node, "1 hour");
  }

  @Test
  void invariant2TheDatabaseRefusesASecondReply() {
    var turn = ask("Hi");
    assertThat(turns.reply(turn, id(), reply("one"))).isPresent();

    assertThatThrownBy(() ->
            database
                .database()
                .useTransaction(tx ->
                    tx.createUpdate(
                            """
                            insert into message (
                              conversation_id, seq, agent_id, position, id, question_id, role,
                              source, text, tokens, created_at)
                            values (:c, 99, :id, 0, :id, :question, 'assistant', 'api', 'two', 1, now())
                            """)
                        .bind("c", conversation.value())
                        .bind("id", UUID.randomUUID())
                        .bind("question", turn.question().id().value())
                        .execute()))
        .hasMessageContaining("message_one_reply");
  }

  @Test
  void invariant2ACommitThatIsRepeatedHasOneEffect() throws Exception {
    var turn = ask("Hi");
    Callable<Boolean> commit = () -> turns.reply(turn, id(), reply("one")).isPresent();

    var committed = race(commit);

    assertThat(committed).containsOnlyOnce(true);
    assertThat(texts()).containsExactly("Hi", "one");
    assertThat(number("open_turns")).isZero();
    assertThat(turns.fail(turn, FailureReason.BUG, "after it")).isEmpty();
  }

  @Test
  void invariant2ClaimsThatRaceGiveOneTurn() throws Exception {
    ask("first");
    pending("second");
    end(node);
    lease(other, "1 hour");
    Callable<Boolean> claim = () -> turns.claimFirst(conversation, other).isPresent();

    assertThat(race(claim)).containsOnlyOnce(true);

    assertThat(number("fence")).isEqualTo(2);
  }

  @Test
  void invariant2QuestionsThatRaceOpenOneRunningTurn() throws Exception {
    Callable<Boolean> send = () -> accept("Hi") instanceof Accepted.Claimed;

    assertThat(race(send)).containsOnlyOnce(true);

    assertThat(number("open_turns")).isEqualTo(8);
    assertThat(number("last_seq")).isEqualTo(8);
  }

  /** A machine that was frozen while another node took its turn up. */
  @Test
  void invariant3ANodeThatLostItsLeaseCommitsNeitherReplyNorFailure() {
    var frozen = ask("Hi");
    end(node);
    lease(other, "1 hour");
    var claim = turns.claimFirst(conversation, other).orElseThrow();
    assertThat(claim.attempts()).isEqualTo(2);

    assertThat(turns.holds(frozen)).isFalse();
    assertThat(turns.reply(frozen, id(), reply("from the frozen one"))).isEmpty();
    assertThat(turns.fail(frozen, FailureReason.MODEL_FAILED, "frozen")).isEmpty();

    assertThat(turns.holds(claim.turn())).isTrue();
    assertThat(turns.reply(claim.turn(), id(), reply("from the other"))).isPresent();
    assertThat(texts()).containsExactly("Hi", "from the other");
  }

  @Test
  void invariant3ATurnThatIsHeldIsClaimedByNobody() {
    ask("first");
    pending("second");
    lease(other, "1 hour");

    assertThat(turns.claimFirst(conversation, other)).isEmpty();
    assertThat(turns.claimFirst(conversation, node)).isEmpty();
    assertThat(turns.abandoned()).doesNotContain(conversation);
  }

  /** The database went away between a commit and its answer. */
  @Test
  void aTurnThatItsOwnNodeLostIsClaimedAgainByThatNodeOnly() {
    var first = ask("first");
    var place = new TurnRepository.Place(conversation, first.question().seq());
    lease(other, "1 hour");
    assertThat(turns.running(node)).contains(place);

    assertThat(turns.claimFirst(conversation, other, Optional.of(place), WHEN_FREE)).isEmpty();
    assertThat(
            turns.claimFirst(
                conversation,
                node,
                Optional.of(new TurnRepository.Place(conversation, 99)),
                WHEN_FREE))
        .isEmpty();

    assertThat(turns.claimFirst(conversation, node, Optional.of(place), WHEN_FREE)).isPresent();
    assertThat(turns.holds(first)).isFalse();
  }

  @Test
  void invariant4NothingIsClaimedWhileAPersonAnswers() {
    ask("Hi");
    end(node);
    lease(other, "1 hour");
    update("update conversation_activity set mode = 'manual' where conversation_id = :c");

    assertThat(turns.claimFirst(conversation, other)).isEmpty();
  }

  @Test
  void invariant4AReplyBegunBeforeATakeOverIsNotStored() {
    var turn = ask("Hi");
    update(
        """
        update conversation_activity
        set mode = 'manual', mode_epoch = mode_epoch + 1, open_turns = 0
        where conversation_id = :c
        """);

    assertThat(turns.reply(turn, id(), reply("too late"))).isEmpty();
    assertThat(turns.fail(turn, FailureReason.BUG, "too late")).isEmpty();

    assertThat(texts()).containsExactly("Hi");
  }

  @Test
  void aTurnWhoseNodeDiedIsAbandoned() {
    ask("Hi");
    assertThat(turns.abandoned()).doesNotContain(conversation);
    end(node);
    assertThat(turns.abandoned()).contains(conversation);
  }

  /** The node died between two turns: the one that waits has nobody who would claim it. */
  @Test
  void aTurnThatWaitsBehindNoneIsAbandonedAfterFiveSeconds() {
    var first = ask("first");
    pending("second");
    assertThat(turns.reply(first, id(), reply("to the first"))).isPresent();
    // The thread that ended the first one is given the time to claim it.
    assertThat(turns.abandoned()).doesNotContain(conversation);

    update(
        """
        update turn set created_at = now() - interval '6 seconds'
        where conversation_id = :c and status = 'pending'
        """);

    assertThat(turns.abandoned()).contains(conversation);
    var claim = turns.claimFirst(conversation, node).orElseThrow();
    assertThat(claim.turn().question().text()).isEqualTo("second");
    assertThat(turns.abandoned()).doesNotContain(conversation);
  }

  @Test
  void whatWasMergedIsAskedHoweverLittleHistoryIsRead() {
    turns =
        new TurnRepository(
            database.database(), TurnConfigs.of("history-messages", "0"), Clock.systemUTC(), null);
    var first = ask("first");
    pending("second");
    pending("third");
    turns.reply(first, id(), reply("to the first"));
    update(
        """
        update turn set status = 'merged', ended_at = now(),
          answered_by = (select max(question_seq) from turn where conversation_id = :c)
        where conversation_id = :c and question_seq = (
          select min(question_seq) from turn where conversation_id = :c and status = 'pending')
        """);

    var turn = turns.claimFirst(conversation, node).orElseThrow().turn();

    assertThat(turn.question().text()).isEqualTo("third");
    assertThat(turn.prompt().question()).isEqualTo("second\n\nthird");
    assertThat(turn.prompt().history()).isEmpty();
  }

  @Test
  void theHistoryOfAQuestionThatWaitedIsWhatBelongsBeforeIt() {
    turns =
        new TurnRepository(
            database.database(), TurnConfigs.of("history-messages", "4"), Clock.systemUTC(), null);
    for (int i = 0; i < 3; i++) {
      turns.reply(ask("old " + i), id(), reply("old reply " + i));
    }
    var first = ask("first");
    assertThat(told(first)).containsExactly("old 1", "old reply 1", "old 2", "old reply 2");
    for (int i = 0; i < 10; i++) {
      pending("behind " + i);
    }
    turns.reply(first, id(), reply("to the first"));

    var next = turns.claimFirst(conversation, node).orElseThrow().turn();

    assertThat(next.question().text()).isEqualTo("behind 0");
    assertThat(told(next)).containsExactly("old 2", "old reply 2", "first", "to the first");
  }

  @Test
  void aSendIsOneRoundTripBeforeTheModelAndOneAfter() {
    var roundTrips = new AtomicInteger();
    turns =
        new TurnRepository(
            new Database(counting(database.database().pool(), roundTrips)),
            TurnConfigs.of(),
            Clock.systemUTC(),
            null);

    var turn = ask("Hi");
    assertThat(roundTrips).hasValue(1);
    assertThat(turns.reply(turn, id(), reply("Hello."))).isPresent();
    assertThat(roundTrips).hasValue(2);
  }

  /**
   * Counts what asks the server something: every statement that runs, however made, and commits.
   */
  private static DataSource counting(DataSource pool, AtomicInteger roundTrips) {
    return wrap(
        DataSource.class,
        pool,
        (_, result) ->
            result instanceof Connection connection
                ? wrap(
                    Connection.class,
                    connection,
                    (method, made) -> {
                      if (method.equals("commit") || method.equals("rollback")) {
                        roundTrips.incrementAndGet();
                      }
                      return switch (made) {
                        case PreparedStatement prepared ->
                            counting(PreparedStatement.class, prepared, roundTrips);
                        case Statement plain -> counting(Statement.class, plain, roundTrips);
                        case null, default -> made;
                      };
                    })
                : result);
  }

  private static <S extends Statement> S counting(
      Class<S> type, S statement, AtomicInteger roundTrips) {
    return wrap(
        type,
        statement,
        (method, value) -> {
          if (method.startsWith("execute")) {
            roundTrips.incrementAndGet();
          }
          return value;
        });
  }

  private interface After {
    Object call(String method, Object result);
  }

  private static <T> T wrap(Class<T> type, T inner, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            TurnRepositoryTest.class.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                return after.call(method.getName(), method.invoke(inner, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static List<String> told(Turn turn) {
    return turn.prompt().history().stream().map(m -> m.text()).toList();
  }

  private Accepted accept(String text) {
    return turns
        .accept(
            new TurnRepository.Question(
                owner, conversation, id(), "api", text, null, TurnRepository.Wishes.NONE),
            node)
        .orElseThrow();
  }

  private Turn ask(String text) {
    if (accept(text) instanceof Accepted.Claimed(var turn)) {
      return turn;
    }
    throw new AssertionError("another turn is open");
  }

  private void pending(String text) {
    assertThat(accept(text)).isInstanceOf(Accepted.Pending.class);
  }

  private static MessageId id() {
    return new MessageId(UUID.randomUUID());
  }

  private static Reply reply(String text) {
    return new Reply(text, new AiResponse(null, null, null), "openai:m", 1, 1);
  }

  private static List<Boolean> race(Callable<Boolean> work) throws InterruptedException {
    try (var racers = Executors.newVirtualThreadPerTaskExecutor()) {
      var won = new ArrayList<Boolean>();
      racers.invokeAll(nCopies(8, work)).forEach(one -> won.add(one.resultNow()));
      return won;
    }
  }

  private static void lease(UUID node, String length) {
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate(
                    """
                    insert into node (id, started_at, lease_until)
                    values (:id, now(), now() + cast(:length as interval))
                    """)
                .bind("id", node)
                .bind("length", length)
                .execute());
  }

  private static void end(UUID node) {
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate(
                    "update node set lease_until = now() - interval '1 second' where id = :id")
                .bind("id", node)
                .execute());
  }

  private void update(String sql) {
    database
        .database()
        .useTransaction(tx -> tx.createUpdate(sql).bind("c", conversation.value()).execute());
  }

  private List<String> texts() {
    return database
        .database()
        .read(tx ->
            tx.createQuery("select text from message where conversation_id = :c order by seq")
                .bind("c", conversation.value())
                .mapTo(String.class)
                .list());
  }

  private long number(String column) {
    return database
        .database()
        .read(tx ->
            tx.createQuery(
                    "select open_turns, fence, last_seq from conversation_activity"
                        + " where conversation_id = :c")
                .bind("c", conversation.value())
                .map((row, _) -> row.getLong(column))
                .one());
  }
}

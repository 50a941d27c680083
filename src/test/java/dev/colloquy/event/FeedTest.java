package dev.colloquy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.EventType;
import dev.colloquy.conversation.Events;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.groups.Tuple;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The order of feeds, with transactions that are held open by hand. */
class FeedTest {
  @RegisterExtension static final TestDatabase database = TestDatabase.migrated();

  private KeyOwner.OfAgent owner;
  private ConversationId first;
  private ConversationId second;

  @BeforeEach
  void make() {
    owner =
        new KeyOwner.OfAgent(new AgentId(UUID.randomUUID()), new OrganizationId(UUID.randomUUID()));
    var sql =
        """
        with o as (
          insert into organization (id, name, created_at, updated_at) values (:o, 'O', now(), now())
        ), r as (
          insert into agent_role (id, organization_id, name, description) values (:r, :o, 'R', 'R')
        )
        insert into agent (id, organization_id, role_id, name, public_name, created_at, updated_at)
        values (:g, :o, :r, 'A', 'A', now(), now())
        """;
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate(sql)
                .bind("o", owner.organization().value())
                .bind("r", UUID.randomUUID())
                .bind("g", owner.agent().value())
                .execute());
    first = conversation();
    second = conversation();
  }

  private ConversationId conversation() {
    var sql =
        """
        with u as (
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
    var id = new ConversationId(UUID.randomUUID());
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate(sql)
                .bind("o", owner.organization().value())
                .bind("g", owner.agent().value())
                .bind("u", UUID.randomUUID())
                .bind("c", id.value())
                .execute());
    return id;
  }

  @Test
  void aTransactionThatBeganBeforeAndCommitsLaterIsNotSkipped() throws Exception {
    try (var slow = new Held(tx -> append(tx, first, "slow"))) {
      write(second, "quick");
      write(second, "quick too");

      // What is written is there, but not shown before what may come before it.
      assertThat(texts(read(FeedCursor.START, 100))).isEmpty();
      assertThat(hasMore(FeedCursor.START)).isTrue();
      assertThat(ofConversation(second)).containsExactly("quick", "quick too");

      slow.commit();
    }
    assertThat(texts(readAll(1))).containsExactly("slow", "quick", "quick too");
  }

  @Test
  void aTransactionThatIsRolledBackHoldsNobodyBack() throws Exception {
    try (var slow = new Held(tx -> append(tx, first, "never"))) {
      write(second, "quick");
      assertThat(texts(read(FeedCursor.START, 100))).isEmpty();
      slow.rollback();
    }
    assertThat(texts(readAll(1))).containsExactly("quick");
    assertThat(seqs(first)).isEmpty();
  }

  /** The lower transaction id writes after the higher one, since it had to wait for the row. */
  @Test
  void aTransactionThatWaitedForAYoungerOneComesAfterIt() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var older = new Held(FeedTest::takeId)) {
      Future<?> waiting;
      try (var younger = new Held(tx -> append(tx, first, "by the younger"))) {
        waiting = threads.submit(() -> older.run(tx -> append(tx, first, "by the older")));
        awaitLockWaiter();
        younger.commit();
      }
      waiting.get(20, TimeUnit.SECONDS);
      var between = readAll(1);
      assertThat(texts(between)).isEmpty();
      older.commit();
    }
    assertThat(ofConversation(first)).containsExactly("by the younger", "by the older");
    assertThat(texts(readAll(1))).containsExactly("by the younger", "by the older");
  }

  @Test
  void aRestoredDatabaseWhoseTransactionsBeginAnewGoesOnInOrder() {
    write(first, "before the dump");
    var cursor = readAll(1).getLast().cursor();
    // As a dump brings it: positions that transaction ids will reach in a thousand years.
    database
        .database()
        .useTransaction(tx -> {
          tx.execute("update conversation_event set position = position + 1000000000000");
          tx.execute("update conversation_activity set position = position + 1000000000000");
        });
    var restored =
        new FeedCursor(cursor.position() + 1_000_000_000_000L, cursor.conversation(), cursor.seq());
    write(second, "lost without the offset");
    assertThat(texts(read(restored, 100))).isEmpty();
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate("delete from conversation_event where conversation_id = :id")
                .bind("id", second.value())
                .execute());

    assertThat(database.database().inTransaction(FeedOffset::raise)).isTrue();
    assertThat(database.database().inTransaction(FeedOffset::raise)).isFalse();

    assertThat(texts(read(FeedCursor.START, 100))).containsExactly("before the dump");
    write(second, "after it");
    write(first, "and this");
    assertThat(texts(read(restored, 100))).containsExactly("after it", "and this");
    assertThat(database.database().inTransaction(FeedOffset::raise)).isFalse();
  }

  @Test
  void aPageThatEndsAmongEventsOfOneTransactionGoesOnAmongThem() {
    database
        .database()
        .useTransaction(tx -> {
          for (int i = 0; i < 5; i++) {
            append(tx, first, "first " + i);
            append(tx, second, "second " + i);
          }
        });
    var whole = read(FeedCursor.START, 100);
    assertThat(whole).hasSize(10);
    for (int limit = 1; limit < 5; limit++) {
      assertThat(readAll(limit)).isEqualTo(whole);
    }
  }

  @Test
  void aPageOfLongTextsEndsEarly() {
    var text = "x".repeat((int) Feed.PAGE_BYTES / 8);
    for (int i = 0; i < 20; i++) {
      // Not to be compressed to nothing: sizes are those that are kept.
      var random = new StringBuilder(text);
      for (int at = 0; at < random.length(); at += 2) {
        random.setCharAt(at, (char) ('a' + (at * 7919L + i * 104729L) % 26));
      }
      message(first, random.toString());
    }
    var page = database.database().read(tx -> Feed.ofConversation(tx, owner, first, 0, 100));
    assertThat(page.size()).isBetween(8, 9);
    assertThat(read(FeedCursor.START, 100).size()).isBetween(8, 9);
    assertThat(readAll(100)).hasSize(20);
  }

  @Test
  void ofADeletedConversationOnlyThatItWasDeletedIsLeft() {
    write(first, "a secret");
    message(first, "another secret");
    write(second, "stays");
    var before = readAll(10).getLast().cursor();
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate("delete from conversation where id = :id")
                .bind("id", first.value())
                .execute());

    var events = readAll(1);
    assertThat(events)
        .extracting(FeedEvent::conversation, FeedEvent::seq, FeedEvent::type)
        .containsExactly(
            Tuple.tuple(second, 1L, EventType.TURN_FAILED),
            Tuple.tuple(first, 3L, EventType.CONVERSATION_DELETED));
    assertThat(events.getLast().data()).isNull();
    assertThat(read(before, 10)).containsExactly(events.getLast());
    assertThat(count("message")).isZero();
  }

  @Test
  void ofWhatOthersHaveNotEvenThatItWasDeletedIsTold() {
    write(second, "theirs");
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate("delete from conversation where id = :id")
                .bind("id", first.value())
                .execute());
    var stranger = new KeyOwner.OfAgent(new AgentId(UUID.randomUUID()), owner.organization());
    var start = FeedCursor.before(0);

    database
        .database()
        .useTransaction(tx -> {
          assertThat(Feed.deleted(tx, owner, first)).isPresent();
          assertThat(Feed.deleted(tx, stranger, first)).isEmpty();
          assertThat(Feed.hasMore(tx, owner, start)).isTrue();
          assertThat(Feed.hasMore(tx, stranger, start)).isFalse();
        });
  }

  @Test
  void ofADeletedAgentNothingIsLeft() {
    write(first, "one");
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate("delete from agent where id = :id")
                .bind("id", owner.agent().value())
                .execute());
    assertThat(count("conversation_event")).isZero();
    assertThat(count("conversation_activity")).isZero();
  }

  /** How many rows of the table are of this test's agent. */
  private long count(String table) {
    return database
        .database()
        .read(tx ->
            tx.createQuery("select count(*) from <table> where agent_id = :agent")
                .define("table", table)
                .bind("agent", owner.agent().value())
                .mapTo(Long.class)
                .one());
  }

  private void write(ConversationId conversation, String text) {
    database.database().useTransaction(tx -> append(tx, conversation, text));
  }

  private static void append(Handle tx, ConversationId conversation, String text) {
    Events.append(tx, conversation, EventType.TURN_FAILED, Map.of("text", text), Instant.EPOCH);
  }

  private void message(ConversationId conversation, String text) {
    var sql =
        """
        with head as (
          update conversation_activity a
          set last_seq = a.last_seq + 1,
              position = greatest(a.position, (select next from feed_position))
          where a.conversation_id = :id
          returning a.agent_id, a.last_seq, a.position
        )
        insert into message (
          conversation_id, seq, agent_id, position, id, role, source, text, tokens, created_at)
        select :id, last_seq, agent_id, position, :message, 'conversation_user', 'api', :text, 1,
               now()
        from head
        """;
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate(sql)
                .bind("id", conversation.value())
                .bind("message", UUID.randomUUID())
                .bind("text", text)
                .execute());
  }

  private List<FeedEvent> read(FeedCursor after, int limit) {
    return database.database().read(tx -> Feed.ofAgent(tx, owner, after, limit));
  }

  private boolean hasMore(FeedCursor after) {
    return database.database().read(tx -> Feed.hasMore(tx, owner, after));
  }

  private List<FeedEvent> readAll(int limit) {
    var all = new ArrayList<FeedEvent>();
    var page = read(FeedCursor.START, limit);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = read(page.getLast().cursor(), limit);
    }
    return all;
  }

  private List<String> ofConversation(ConversationId id) {
    return texts(database.database().read(tx -> Feed.ofConversation(tx, owner, id, 0, 100)));
  }

  private List<Long> seqs(ConversationId id) {
    return database.database().read(tx -> Feed.ofConversation(tx, owner, id, 0, 100)).stream()
        .map(FeedEvent::seq)
        .toList();
  }

  private static List<String> texts(List<FeedEvent> events) {
    return events.stream().map(event -> ((ObjectNode) event.data()).path("text").asText()).toList();
  }

  /** Gives the transaction its id, which is taken with the first write otherwise. */
  private static void takeId(Handle tx) {
    tx.createQuery("select cast(pg_current_xact_id() as text)").mapTo(String.class).one();
  }

  private static void awaitLockWaiter() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            database
                    .database()
                    .read(tx ->
                        tx.createQuery(
                                "select count(*) from pg_stat_activity"
                                    + " where datname = current_database()"
                                    + " and wait_event_type = 'Lock'")
                            .mapTo(Integer.class)
                            .one())
                == 1);
  }

  /** A transaction that stays open until it is told to end. */
  private static final class Held implements AutoCloseable {
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private final CompletableFuture<Handle> open = new CompletableFuture<>();
    private final Future<?> done;
    private volatile boolean rollback;

    Held(Database.Effect begin) throws InterruptedException, ExecutionException {
      done =
          thread.submit(() ->
              database
                  .database()
                  .useTransaction(tx -> {
                    begin.in(tx);
                    open.complete(tx);
                    await(end);
                    if (rollback) {
                      tx.rollback();
                    }
                  }));
      open.get();
    }

    /** Runs more in it, on the calling thread. */
    void run(Database.Effect more) {
      more.in(open.join());
    }

    void commit() throws Exception {
      end.countDown();
      done.get(20, TimeUnit.SECONDS);
    }

    void rollback() throws Exception {
      rollback = true;
      commit();
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      end.countDown();
      thread.shutdown();
    }
  }
}

package dev.colloquy.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KnowledgeTest {
  @RegisterExtension static final TestDatabase database = TestDatabase.empty();
  private static final Embedder EMBEDDER = new Embedder();
  private static final String TEXT =
      """
      # Parcels

      A parcel is delivered within three working days. Set `parcel.max-weight` to change the limit.

      # Opening hours

      The shop is open from nine to five, on Sundays it is closed.
      """;

  private final AtomicLong now = new AtomicLong();
  private final Knowledge knowledge = node();

  @BeforeAll
  static void createTables() throws IOException {
    try (var script =
        KnowledgeTest.class.getResourceAsStream("/db/migration/V0006__create_knowledge.sql")) {
      var sql = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      database
          .database()
          .useTransaction(tx -> {
            tx.execute("create table agent (id uuid primary key)");
            tx.createScript(sql).execute();
          });
    }
  }

  /** What another server on the same database would have: its own memory. */
  private Knowledge node() {
    return new Knowledge(database.database(), EMBEDDER, 1 << 20, now::get);
  }

  private static AgentId agent() {
    var agent = new AgentId(Ids.next());
    database
        .database()
        .useTransaction(tx -> tx.execute("insert into agent (id) values (?)", agent.value()));
    return agent;
  }

  @Test
  void aQuestionFindsThePassageByMeaningAndAnIdentifierByItsLetters() throws Exception {
    var agent = agent();
    var id = knowledge.put(agent, "shop.md", TEXT);
    var found = knowledge.search(agent, "When can I come by?", 5);
    assertThat(found).hasSize(2);
    assertThat(found.getFirst().heading()).isEqualTo("Opening hours");
    assertThat(found.getFirst().fileId()).isEqualTo(id.value());
    assertThat(found.getFirst().fileName()).isEqualTo("shop.md");
    assertThat(found.getFirst().score()).isBetween(0.1, 1.0);
    assertThat(knowledge.search(agent, "parcel.max-weight", 1).getFirst().heading())
        .isEqualTo("Parcels");
  }

  @Test
  void anAgentSeesOnlyItsOwnDocuments() throws Exception {
    var agent = agent();
    var other = agent();
    var id = knowledge.put(agent, "shop.md", TEXT);
    assertThat(knowledge.hasDocuments(agent)).isTrue();
    assertThat(knowledge.hasDocuments(other)).isFalse();
    assertThat(knowledge.search(other, "When is the shop open?", 5)).isEmpty();
    var db = database.database();
    assertThat(db.<Boolean>inTransaction(tx -> knowledge.delete(tx, other, id))).isFalse();
    assertThat(db.<List<Document>>read(tx -> knowledge.list(tx, other))).isEmpty();
    assertThat(db.<List<Document>>read(tx -> knowledge.list(tx, agent))).hasSize(1);
  }

  @Test
  void anAgentWithoutDocumentsCostsNoEmbedding() throws Exception {
    var silent = new Embedder();
    silent.close();
    var node = new Knowledge(database.database(), silent, 1 << 20, now::get);
    assertThat(node.search(agent(), "When is the shop open?", 5)).isEmpty();
  }

  @Test
  void theSameContentIsStoredOnceAndChangedContentKeepsTheId() throws Exception {
    var agent = agent();
    var id = knowledge.put(agent, "shop.md", TEXT);
    var version = version(agent);
    assertThat(knowledge.put(agent, "shop.md", TEXT)).isEqualTo(id);
    assertThat(version(agent)).isEqualTo(version);
    assertThat(knowledge.put(agent, "shop.md", "# New\n\nThe shop has moved.")).isEqualTo(id);
    assertThat(version(agent)).isGreaterThan(version);
    assertThat(knowledge.search(agent, "Where is the shop?", 5))
        .singleElement()
        .satisfies(passage -> assertThat(passage.text()).isEqualTo("The shop has moved."));
  }

  @Test
  void writersRacingWithOneDocumentStoreItOnce() throws Exception {
    var agent = agent();
    Callable<DocumentId> put = () -> knowledge.put(agent, "shop.md", TEXT);
    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      var ids = writers.invokeAll(Collections.nCopies(8, put)).stream().map(Future::resultNow);
      assertThat(ids.distinct()).hasSize(1);
    }
    var listed = database.database().inTransaction(tx -> knowledge.list(tx, agent));
    assertThat(listed).singleElement().satisfies(one -> assertThat(one.chunkCount()).isEqualTo(2));
    assertThat(version(agent)).isEqualTo(1);
  }

  @Test
  void anotherNodesChangeIsSeenAfterTwoSeconds() throws Exception {
    var agent = agent();
    var other = node();
    knowledge.put(agent, "shop.md", TEXT);
    assertThat(other.search(agent, "parcel", 5)).hasSize(2);
    var id = knowledge.put(agent, "more.md", "Parcels to islands take longer.");
    assertThat(other.search(agent, "parcel", 5)).hasSize(2);
    now.addAndGet(Duration.ofMillis(2_100).toNanos());
    assertThat(other.search(agent, "parcel", 5)).hasSize(3);
    database.database().<Boolean>inTransaction(tx -> knowledge.delete(tx, agent, id));
    now.addAndGet(Duration.ofMillis(2_100).toNanos());
    assertThat(other.search(agent, "parcel", 5)).hasSize(2);
  }

  @Test
  void searchesBetweenTwoLooksAtTheVersionReadNothing() throws Exception {
    var agent = agent();
    knowledge.put(agent, "shop.md", TEXT);
    var opened = new AtomicInteger();
    var node = new Knowledge(counting(opened), EMBEDDER, 1 << 20, now::get);
    for (int i = 0; i < 20; i++) {
      node.hasDocuments(agent);
      node.search(agent, "parcel " + i, 5);
    }
    assertThat(opened).hasValue(2); // the version, and the chunks
    now.addAndGet(Duration.ofMillis(2_100).toNanos());
    node.search(agent, "parcel", 5);
    assertThat(opened).hasValue(3);
  }

  @Test
  void anAgentLargerThanTheCacheIsStillHeld() throws Exception {
    var agent = agent();
    knowledge.put(agent, "shop.md", TEXT);
    var opened = new AtomicInteger();
    var node = new Knowledge(counting(opened), EMBEDDER, 100, now::get);
    for (int i = 0; i < 5; i++) {
      assertThat(node.search(agent, "parcel", 5)).hasSize(2);
    }
    assertThat(opened).hasValue(2);
  }

  @Test
  void aShortQuestionIsAlsoLookedUpWithTheOneBefore() throws Exception {
    var agent = agent();
    knowledge.put(agent, "shop.md", TEXT);
    var found = knowledge.search(agent, "and on Sundays?", "When can I visit the shop?", 1);
    assertThat(found.getFirst().heading()).isEqualTo("Opening hours");
  }

  @Test
  void textThatPostgresCannotStoreIsStored() throws Exception {
    var agent = agent();
    knowledge.put(agent, "nul\u0000.md", "one\u0000 two \ud800 three");
    assertThat(knowledge.search(agent, "two", 1).getFirst().text())
        .isEqualTo("one two \ufffd three");
    knowledge.put(agent, "empty.md", "");
    assertThat(knowledge.search(agent, "two", 5)).hasSize(1);
  }

  private static long version(AgentId agent) {
    return database
        .database()
        .<Long>read(tx ->
            tx.createQuery("select version from knowledge where agent_id = :agent")
                .bind("agent", agent.value())
                .mapTo(Long.class)
                .one());
  }

  /** The same database, counting connections taken. */
  private static Database counting(AtomicInteger opened) {
    var pool = database.database().pool();
    var counted =
        (javax.sql.DataSource)
            java.lang.reflect.Proxy.newProxyInstance(
                KnowledgeTest.class.getClassLoader(),
                new Class<?>[] {javax.sql.DataSource.class},
                (_, method, arguments) -> {
                  opened.addAndGet(method.getName().equals("getConnection") ? 1 : 0);
                  return method.invoke(pool, arguments);
                });
    return new Database(counted);
  }
}

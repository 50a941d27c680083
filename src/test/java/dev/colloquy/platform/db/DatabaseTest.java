package dev.colloquy.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.colloquy.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {
  @RegisterExtension static final TestDatabase test = TestDatabase.empty();

  private final List<String> said = new ArrayList<>();
  private Database database;

  /** What a test throws to end a transaction. */
  private static final class Stop extends RuntimeException {}

  @BeforeEach
  void make() {
    database = test.database();
    database.useTransaction(
        tx -> tx.execute("drop table if exists fact; create table fact (name text primary key)"));
  }

  private static void store(Handle tx, String name) {
    tx.createUpdate("insert into fact (name) values (:name)").bind("name", name).execute();
  }

  private List<String> stored() {
    return database.read(
        tx -> tx.createQuery("select name from fact order by name").mapTo(String.class).list());
  }

  private static long transaction(Handle tx) {
    return tx.createQuery("select txid_current()").mapTo(Long.class).one();
  }

  @Test
  void whatIsCalledJoinsASharedTransaction() {
    var ids = new ArrayList<Long>();
    database.inSharedTransaction(tx -> {
      ids.add(transaction(tx));
      ids.add(database.inTransaction(DatabaseTest::transaction));
      ids.add(database.read(DatabaseTest::transaction));
      ids.add(
          database.onConnection(connection -> {
            try (var row = connection.createStatement().executeQuery("select txid_current()")) {
              row.next();
              return row.getLong(1);
            }
          }));
      ids.add(
          database.inConnectionTransaction(connection -> {
            try (var row = connection.createStatement().executeQuery("select txid_current()")) {
              row.next();
              return row.getLong(1);
            }
          }));
      return true;
    });
    assertThat(ids).hasSize(5);
    assertThat(ids.stream().distinct()).hasSize(1);
  }

  @Test
  void aSharedTransactionIsStoredWholeOrNotAtAll() {
    database.inSharedTransaction(tx -> {
      database.useTransaction(inner -> store(inner, "a"));
      database.useTransaction(inner -> store(inner, "b"));
      return true;
    });
    assertThatThrownBy(() ->
            database.inSharedTransaction(tx -> {
              database.useTransaction(inner -> store(inner, "c"));
              throw new Stop();
            }))
        .isInstanceOf(Stop.class);
    assertThat(stored()).containsExactly("a", "b");
  }

  @Test
  void whatFailsInsideASharedTransactionIsUndoneAndTheRestIsKept() {
    database.inSharedTransaction(tx -> {
      database.useTransaction(inner -> store(inner, "a"));
      assertThatThrownBy(() ->
              database.useTransaction(inner -> {
                store(inner, "half");
                throw new Stop();
              }))
          .isInstanceOf(Stop.class);
      assertThatThrownBy(() -> database.useTransaction(inner -> store(inner, "a")))
          .hasMessageContaining("fact_pkey");
      database.useTransaction(inner -> store(inner, "b"));
      return true;
    });
    assertThat(stored()).containsExactly("a", "b");
  }

  @Test
  void oneTransactionInsideAnotherIsRefusedSharedOrNot() {
    assertThatThrownBy(() ->
            database.useTransaction(
                tx -> database.useTransaction(inner -> store(inner, "too much"))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() ->
            database.inSharedTransaction(shared -> {
              database.useTransaction(tx -> database.read(inner -> true));
              return true;
            }))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() ->
            database.inSharedTransaction(
                shared -> database.<Boolean, RuntimeException>inSharedTransaction(tx -> true)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(stored()).isEmpty();
  }

  @Test
  void whatWaitsForTheCommitSeesIt() {
    database.inSharedTransaction(tx -> {
      database.useTransaction(inner -> {
        store(inner, "a");
        database.afterCommit(() -> said.add("after " + stored()));
      });
      said.add("before");
      return true;
    });
    database.useTransaction(tx -> {
      store(tx, "b");
      database.afterCommit(() -> said.add("after " + stored()));
    });
    database.afterCommit(() -> said.add("at once"));
    assertThat(said).containsExactly("before", "after [a]", "after [a, b]", "at once");
  }

  @Test
  void whatWaitsForACommitThatNeverComesIsNotDone() {
    assertThatThrownBy(() ->
            database.useTransaction(tx -> {
              database.afterCommit(() -> said.add("wrong"));
              throw new Stop();
            }))
        .isInstanceOf(Stop.class);
    assertThatThrownBy(() ->
            database.inSharedTransaction(tx -> {
              database.useTransaction(inner -> database.afterCommit(() -> said.add("wrong")));
              throw new Stop();
            }))
        .isInstanceOf(Stop.class);
    database.inSharedTransaction(tx -> {
      database.useTransaction(inner -> database.afterCommit(() -> said.add("right")));
      assertThatThrownBy(() ->
              database.useTransaction(inner -> {
                database.afterCommit(() -> said.add("wrong"));
                throw new Stop();
              }))
          .isInstanceOf(Stop.class);
      return true;
    });
    assertThat(said).containsExactly("right");
  }
}

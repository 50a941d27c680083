package dev.colloquy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TestDatabaseTest {
  @RegisterExtension static final TestDatabase one = TestDatabase.migrated();
  @RegisterExtension static final TestDatabase other = TestDatabase.migrated();

  @Test
  void databasesAreApart() {
    one.database().useTransaction(tx -> tx.execute("create table mine (id int)"));
    var sql = "select count(*) from pg_tables where tablename = 'mine'";
    assertThat(count(one, sql)).isEqualTo(1);
    assertThat(count(other, sql)).isZero();
  }

  @Test
  void migratedKnowsWhatFlywayDid() {
    assertThat(count(one, "select count(*) from pg_tables where tablename like 'flyway%'"))
        .isEqualTo(1);
  }

  @Test
  void freshUrlIsAnEmptyDatabase() throws SQLException {
    try (var connection = DriverManager.getConnection(TestDatabase.freshUrl());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select count(*) from pg_tables where schemaname = 'public'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isZero();
    }
  }

  private static int count(TestDatabase database, String sql) {
    return database.database().read(tx -> tx.createQuery(sql).mapTo(Integer.class).one());
  }
}

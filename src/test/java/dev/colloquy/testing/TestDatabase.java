package dev.colloquy.testing;

import dev.colloquy.platform.db.Database;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A database of a test class's own, on the PostgreSQL of the test JVM: {@code @RegisterExtension
 * static final TestDatabase database = TestDatabase.migrated()}.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {
  private static final int POOL_SIZE = 16;

  private final boolean migrated;
  private TestPostgres.Location location;
  private AgroalDataSource pool;
  private Database database;

  private TestDatabase(boolean migrated) {
    this.migrated = migrated;
  }

  /** A database with the tables of all migrations. */
  public static TestDatabase migrated() {
    return new TestDatabase(true);
  }

  /** A database without tables. */
  public static TestDatabase empty() {
    return new TestDatabase(false);
  }

  /**
   * The JDBC URL of a new empty database, user and password included, for tests that connect by
   * themselves. It is gone with the test JVM.
   */
  public static String freshUrl() {
    var fresh = TestPostgres.create(false);
    return "%s?user=%s&password=%s".formatted(fresh.url(), fresh.username(), fresh.password());
  }

  /** The database, as the server's code uses it. */
  public Database database() {
    return database;
  }

  public String jdbcUrl() {
    return location.url();
  }

  public String username() {
    return location.username();
  }

  public String password() {
    return location.password();
  }

  @Override
  public void beforeAll(ExtensionContext context) throws SQLException {
    location = TestPostgres.create(migrated);
    pool =
        AgroalDataSource.from(
            new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(settings ->
                    settings
                        .maxSize(POOL_SIZE)
                        .acquisitionTimeout(Duration.ofSeconds(30))
                        .connectionFactoryConfiguration(connections ->
                            connections
                                .jdbcUrl(location.url())
                                .principal(new NamePrincipal(location.username()))
                                .credential(new SimplePassword(location.password())))));
    database = new Database(pool);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    pool.close();
    TestPostgres.drop(location);
  }
}

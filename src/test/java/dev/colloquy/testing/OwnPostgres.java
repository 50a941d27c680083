package dev.colloquy.testing;

import dev.colloquy.platform.postgres.EmbeddedPostgres;
import dev.colloquy.platform.postgres.PostgresOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/**
 * A PostgreSQL of a test's own, to be ended at any moment: it starts again at once, on the same
 * port. What was committed outlives the end of its processes, not that of the machine. Safe for
 * many threads.
 */
public final class OwnPostgres implements AutoCloseable {
  private final EmbeddedPostgres postgres;

  private OwnPostgres(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  public static OwnPostgres start(Path dir) {
    // synchronous_commit stays on: else a killed process loses what it has confirmed.
    var settings = Map.of("fsync", "off", "max_connections", "100", "shared_buffers", "64MB");
    return new OwnPostgres(
        EmbeddedPostgres.start(dir, new PostgresOptions(TestPostgres.PROGRAMS, settings)));
  }

  public String jdbcUrl() {
    return postgres.jdbcUrl();
  }

  public String username() {
    return postgres.username();
  }

  public String password() {
    return postgres.password();
  }

  /** A connection, which fails while it starts again. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), username(), password());
  }

  /**
   * Ends its main process: {@code INT} as in a fast restart, {@code QUIT} as in an immediate one,
   * {@code KILL} as in a crash.
   */
  public void end(String signal) throws InterruptedException {
    ServerProcess.signal(signal, postgres.pid());
  }

  @Override
  public void close() {
    postgres.close();
  }
}

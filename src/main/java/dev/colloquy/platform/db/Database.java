package dev.colloquy.platform.db;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.Arguments;
import org.jdbi.v3.core.argument.NullArgument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/**
 * Opens transactions. Whoever opens one hands its {@link Handle} on, so that a glance shows what
 * runs in it; nothing that waits for the network runs inside (invariant 5).
 */
public final class Database {
  private static final ThreadLocal<@Nullable Boolean> HAS_CONNECTION = new ThreadLocal<>();

  private final Jdbi jdbi;
  private final DataSource pool;

  public Database(DataSource pool) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    // A null of no known type takes the type of its column, which PostgreSQL knows.
    jdbi.getConfig(Arguments.class).setUntypedNullArgument(new NullArgument(Types.OTHER));
    jdbi.registerArgument(new UuidArguments());
    // What is bound may be what people said, and exceptions are logged (invariant 9).
    jdbi.getConfig(StatementExceptions.class)
        .setMessageRendering(StatementExceptions.MessageRendering.NONE);
  }

  /** Binds ids, and those that are null as what they are: Jdbi's own would bind a null as text. */
  private static final class UuidArguments extends AbstractArgumentFactory<UUID> {
    UuidArguments() {
      super(Types.OTHER);
    }

    @Override
    protected Argument build(UUID value, ConfigRegistry config) {
      return (position, statement, _) -> statement.setObject(position, value);
    }
  }

  /** Work done in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Handle tx);
  }

  /** Work done in a transaction, for its effect. */
  @FunctionalInterface
  public interface Effect {
    void in(Handle tx);
  }

  /** Runs the work in one transaction: committed when it returns, rolled back when it throws. */
  public <T> T inTransaction(Work<T> work) {
    return alone(() -> jdbi.inTransaction(work::in));
  }

  /** As {@link #inTransaction}, for work without a result. */
  public void useTransaction(Effect work) {
    inTransaction(tx -> {
      work.in(tx);
      return true;
    });
  }

  /** Runs reads, or one statement that is a transaction of its own, without opening one. */
  public <T> T read(Work<T> work) {
    return alone(() -> jdbi.withHandle(work::in));
  }

  /** Plain JDBC, for the few statements that run for every message; each commits by itself. */
  public <T> T onConnection(JdbcWork<T> work) {
    return alone(() -> {
      try (var connection = pool.getConnection()) {
        return work.on(connection);
      } catch (SQLException e) {
        throw new JdbcException(e);
      }
    });
  }

  /**
   * A thread has one connection at a time. One that asked for a second would wait for the others,
   * who may all be waiting for theirs: the pool would stand still.
   */
  private <T> T alone(Supplier<T> work) {
    if (HAS_CONNECTION.get() != null) {
      throw new IllegalStateException("this thread has a connection; hand its transaction on");
    }
    HAS_CONNECTION.set(true);
    try {
      return work.get();
    } catch (JdbcException | JdbiException e) {
      throw isAway(e) ? new UnavailableException(e) : e;
    } finally {
      HAS_CONNECTION.remove();
    }
  }

  /** Whether there was no connection to be had, or it was lost (SQLSTATE 08 and 57P). */
  private static boolean isAway(RuntimeException e) {
    if (e instanceof ConnectionException) {
      return true;
    }
    return e.getCause() instanceof SQLException cause
        && (cause.getSQLState() == null
            || cause.getSQLState().startsWith("08")
            || cause.getSQLState().startsWith("57P"));
  }

  /** The database cannot be reached at present; what was asked of it may or may not be done. */
  public static final class UnavailableException extends RuntimeException {
    UnavailableException(RuntimeException cause) {
      super(cause);
    }
  }

  /** Plain JDBC in one transaction. */
  public <T> T inConnectionTransaction(JdbcWork<T> work) {
    return inTransaction(tx -> {
      try {
        return work.on(tx.getConnection());
      } catch (SQLException e) {
        throw new JdbcException(e);
      }
    });
  }

  /** Work with plain JDBC. */
  @FunctionalInterface
  public interface JdbcWork<T> {
    T on(Connection connection) throws SQLException;
  }

  /** The database failed, or refused a statement. */
  public static final class JdbcException extends RuntimeException {
    public JdbcException(SQLException cause) {
      super(cause);
    }
  }

  /** The pool, for libraries that bring their own SQL. */
  public DataSource pool() {
    return pool;
  }

  /** Makes the one database of the application. */
  @Singleton
  static final class Producer {
    @Produces
    @Singleton
    Database database(DataSource pool) {
      return new Database(pool);
    }
  }
}

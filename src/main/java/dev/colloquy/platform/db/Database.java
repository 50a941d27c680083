package dev.colloquy.platform.db;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  private static final ThreadLocal<@Nullable Session> SESSION = new ThreadLocal<>();

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

  /** Work done in a transaction that what it calls joins. */
  @FunctionalInterface
  public interface SharedWork<T, X extends Exception> {
    T in(Handle tx) throws X;
  }

  /** Runs the work in one transaction: committed when it returns, rolled back when it throws. */
  public <T> T inTransaction(Work<T> work) {
    var shared = Session.shared();
    return shared == null
        ? alone(() -> jdbi.inTransaction(work::in))
        : shared.join(() -> work.in(shared.tx()));
  }

  /**
   * As {@link #inTransaction}; and until the work returns, every other use of the database on this
   * thread runs in this transaction instead of one of its own. What was a transaction of its own is
   * a savepoint then, so it still happens as a whole or not at all.
   */
  public <T, X extends Exception> T inSharedTransaction(SharedWork<T, X> work) throws X {
    return alone(session ->
        jdbi.inTransaction(tx -> {
          session.share(tx);
          return work.in(tx);
        }));
  }

  /**
   * Runs what must not happen before the open transaction is committed, and not at all when it is
   * rolled back: at once where this thread has none open.
   */
  public void afterCommit(Runnable effect) {
    var session = SESSION.get();
    if (session == null) {
      effect.run();
    } else {
      session.afterCommit(effect);
    }
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
    var shared = Session.shared();
    return shared == null
        ? alone(() -> jdbi.withHandle(work::in))
        : shared.join(() -> work.in(shared.tx()));
  }

  /** Plain JDBC, for the few statements that run for every message; each commits by itself. */
  public <T> T onConnection(JdbcWork<T> work) {
    var shared = Session.shared();
    if (shared != null) {
      return shared.join(() -> on(shared.tx().getConnection(), work));
    }
    return alone(() -> {
      try (var connection = pool.getConnection()) {
        return work.on(connection);
      } catch (SQLException e) {
        throw new JdbcException(e);
      }
    });
  }

  private static <T> T on(Connection connection, JdbcWork<T> work) {
    try {
      return work.on(connection);
    } catch (SQLException e) {
      throw new JdbcException(e);
    }
  }

  private <T> T alone(Supplier<T> work) {
    return alone(_ -> work.get());
  }

  /** Work in a session of its own. */
  private interface SessionWork<T, X extends Exception> {
    T in(Session session) throws X;
  }

  /**
   * A thread has one connection at a time. One that asked for a second would wait for the others,
   * who may all be waiting for theirs: the pool would stand still.
   */
  private static <T, X extends Exception> T alone(SessionWork<T, X> work) throws X {
    if (SESSION.get() != null) {
      throw Session.refusal();
    }
    var session = new Session();
    T result;
    SESSION.set(session);
    try {
      result = work.in(session);
    } catch (JdbcException | JdbiException e) {
      throw isAway(e) ? new UnavailableException(e) : e;
    } finally {
      SESSION.remove();
    }
    session.committed();
    return result;
  }

  /** What this thread does with its connection. */
  private static final class Session {
    private static final String JOINED = "joined";

    private @Nullable Handle shared;
    private boolean isJoined;
    private final List<Runnable> afterCommit = new ArrayList<>(0);

    /** This thread's session, where its transaction is shared. */
    static @Nullable Session shared() {
      var session = SESSION.get();
      return session == null || session.shared == null ? null : session;
    }

    static IllegalStateException refusal() {
      return new IllegalStateException("this thread has a connection; hand its transaction on");
    }

    Handle tx() {
      return Objects.requireNonNull(shared);
    }

    void share(Handle tx) {
      shared = tx;
    }

    void afterCommit(Runnable effect) {
      afterCommit.add(effect);
    }

    void committed() {
      afterCommit.forEach(Runnable::run);
    }

    /** Joined twice at once it is refused, as it would be if it were not shared. */
    <T> T join(Supplier<T> work) {
      if (isJoined) {
        throw refusal();
      }
      isJoined = true;
      var effects = afterCommit.size();
      var done = false;
      tx().savepoint(JOINED);
      try {
        var result = work.get();
        tx().releaseSavepoint(JOINED);
        done = true;
        return result;
      } catch (JdbcException | JdbiException e) {
        // With its connection lost there is nothing left to roll back.
        done = isAway(e);
        throw e;
      } finally {
        isJoined = false;
        if (!done) {
          afterCommit.subList(effects, afterCommit.size()).clear();
          tx().rollbackToSavepoint(JOINED);
        }
      }
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
    return inTransaction(tx -> on(tx, work));
  }

  /** Plain JDBC in the caller's transaction. */
  public static <T> T on(Handle tx, JdbcWork<T> work) {
    return on(tx.getConnection(), work);
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

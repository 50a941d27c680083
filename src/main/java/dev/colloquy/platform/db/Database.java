package dev.colloquy.platform.db;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Opens transactions. Whoever opens one hands its {@link Handle} on, so that a glance shows what
 * runs in it; nothing that waits for the network runs inside (invariant 5).
 */
public final class Database {
  private final Jdbi jdbi;
  private final DataSource pool;

  public Database(DataSource pool) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
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
    return jdbi.inTransaction(work::in);
  }

  /** As {@link #inTransaction}, for work without a result. */
  public void useTransaction(Effect work) {
    jdbi.useTransaction(work::in);
  }

  /** Runs reads, or one statement that is a transaction of its own, without opening one. */
  public <T> T read(Work<T> work) {
    return jdbi.withHandle(work::in);
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

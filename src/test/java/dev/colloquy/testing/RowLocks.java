package dev.colloquy.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Lets a test that has locked a row wait until the server waits for it. */
public final class RowLocks {
  private RowLocks() {}

  /** Waits until some statement waits for what the transaction has locked. */
  public static void awaitWaiting(Handle tx) {
    // Awaitility's own thread would ask on a connection that this one uses.
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() ->
            tx.createQuery(
                    """
                    select exists (
                      select from pg_stat_activity
                      where pg_backend_pid() = any(pg_blocking_pids(pid)))
                    """)
                .mapTo(Boolean.class)
                .one());
  }
}

package dev.colloquy.turn;

import dev.colloquy.platform.http.AtExit;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops this node's turns when the server is told to stop: no more are begun, short ones end, and
 * whoever waits for a long one is told that it goes on elsewhere, or after the next start.
 */
@Singleton
final class NodeStop {
  // Within quarkus.shutdown.timeout, so that whoever waits is answered before connections close.
  private static final Duration LAST_TURNS = Duration.ofSeconds(3);

  private final Node node;
  private final NodeLease lease;
  private final TurnRunner runner;
  private final Admission admission;
  private final AtExit atExit;
  private boolean hasEnded;

  NodeStop(Node node, NodeLease lease, TurnRunner runner, Admission admission, AtExit atExit) {
    this.node = node;
    this.lease = lease;
    this.runner = runner;
    this.admission = admission;
    this.atExit = atExit;
  }

  void start(@Observes StartupEvent event) {
    atExit.run("turns-end", this::endTurns);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    endTurns();
    lease.giveUp();
  }

  /** At exit, or at the event where a server ends without its process; once. */
  private synchronized void endTurns() {
    if (hasEnded) {
      return;
    }
    hasEnded = true;
    node.stop();
    lease.stop();
    var deadline = System.nanoTime() + LAST_TURNS.toNanos();
    while (admission.inFlight() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    runner.stopAll();
  }
}

package dev.colloquy.turn;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.event.Drafts;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Holds this node's turns by one lease for all of them, which it renews three times while it lasts,
 * and takes up the turns of nodes whose lease has ended. The database's clock counts, so that the
 * clocks of nodes may differ.
 */
@Singleton
final class NodeLease {
  private static final Logger log = Logger.getLogger(NodeLease.class);
  private static final Duration SWEEP = Duration.ofSeconds(2);
  private static final Duration WATCH = Duration.ofMillis(250);
  // Recovered turns were admitted when they were accepted; they count, but are not refused.
  private static final AgentId RECOVERED = new AgentId(new UUID(0, 0));

  private final Database database;
  private final Node node;
  private final TurnRepository turns;
  private final TurnRunner runner;
  private final Admission admission;
  private final TurnConfig config;
  private final Drafts drafts;
  private volatile boolean hasLapsed;
  private final AtomicBoolean asked = new AtomicBoolean();
  // Renewing waits for nothing but the database, and what must end with the lease waits for
  // nothing.
  private final ScheduledExecutorService lease =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().name("node-lease-", 1).daemon().factory());
  private final ScheduledExecutorService sweeps =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("node-sweep").daemon().factory());

  NodeLease(
      Database database,
      Node node,
      TurnRepository turns,
      TurnRunner runner,
      Admission admission,
      Drafts drafts,
      TurnConfig config) {
    this.drafts = drafts;
    this.database = database;
    this.node = node;
    this.turns = turns;
    this.runner = runner;
    this.admission = admission;
    this.config = config;
  }

  void begin(@Observes @Priority(Interceptor.Priority.APPLICATION) StartupEvent event) {
    if (node.isAlone()) {
      // Nobody else can be on an embedded database, so what a killed server left is free at once.
      database.useTransaction(tx -> tx.execute("delete from node"));
    }
    renew();
    drafts.showOurs(node::hasLease);
    var third = config.lease().toMillis() / 3;
    var _ = lease.scheduleAtFixedRate(guarded(this::renew), third, third, TimeUnit.MILLISECONDS);
    var _ =
        lease.scheduleWithFixedDelay(
            guarded(this::watch), 0, WATCH.toMillis(), TimeUnit.MILLISECONDS);
    var _ =
        sweeps.scheduleWithFixedDelay(
            guarded(this::sweep), 0, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    node.onTold(this::sweepSoon);
  }

  /** Sweeps at once, and once for all who ask before it begins. */
  private void sweepSoon() {
    if (!node.isStopping() && asked.compareAndSet(false, true)) {
      sweeps.execute(
          guarded(() -> {
            asked.set(false);
            sweep();
          }));
    }
  }

  /** A timer that throws is never run again, so whatever happens is logged and tried next time. */
  private static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        log.errorf(e, "event=node-lease-failed");
      }
    };
  }

  /** Ends what other nodes may have begun again: this one could not renew its lease. */
  private void watch() {
    if (!node.hasLease() && !node.isStopping()) {
      if (!hasLapsed) {
        hasLapsed = true;
        log.errorf("event=node-lease-lost");
      }
      runner.interruptAll();
    }
  }

  private void renew() {
    var began = System.nanoTime();
    var sql =
        """
        insert into node (id, started_at, lease_until)
        values (:id, now(), now() + cast(:millis as bigint) * interval '1 millisecond')
        on conflict (id) do update set lease_until = excluded.lease_until
        """;
    database.useTransaction(tx -> {
      tx.createUpdate(sql)
          .bind("id", node.id())
          .bind("millis", config.lease().toMillis())
          .execute();
      // Long after anybody could ask for them.
      tx.execute("delete from node where lease_until < now() - interval '1 day'");
    });
    node.holdUntil(began + config.lease().toNanos());
    if (hasLapsed) {
      hasLapsed = false;
      log.warnf("event=node-lease-regained");
    }
  }

  private void sweep() {
    // In this order: what is in memory now is in the table when that is read, unless it was ended.
    var ours = runner.asked();
    var running = turns.running(node.id());
    ours.stream().filter(place -> !running.contains(place)).forEach(runner::interrupt);
    running.stream()
        .filter(place -> !runner.isHeld(place.conversation()))
        .forEach(place -> takeUp(place.conversation(), Optional.of(place)));
    turns.abandoned().forEach(conversation -> takeUp(conversation, Optional.empty()));
  }

  private void takeUp(ConversationId conversation, Optional<TurnRepository.Place> lost) {
    if (node.isStopping() || !node.hasLease()) {
      return;
    }
    try {
      runner.takeUp(conversation, lost, Lock.IF_FREE, admission.enterAnyway(RECOVERED));
    } catch (RuntimeException e) {
      // The others may be luckier.
      log.errorf(e, "conversation=%s event=turn-not-taken-up", conversation);
    }
  }

  /** Takes nothing up any more. */
  void stop() {
    // Not shutdownNow(): an interrupt would hit a statement, perhaps a commit.
    sweeps.shutdown();
  }

  /** Gives the lease up: what is open is free for the other nodes. To be stopped before. */
  void giveUp() throws InterruptedException {
    lease.shutdown();
    var _ = lease.awaitTermination(1, TimeUnit.SECONDS);
    var _ = sweeps.awaitTermination(1, TimeUnit.SECONDS);
    database.useTransaction(
        tx -> tx.createUpdate("delete from node where id = :id").bind("id", node.id()).execute());
    node.tellOthers();
  }
}

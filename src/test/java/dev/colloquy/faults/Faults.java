package dev.colloquy.faults;

import dev.colloquy.testing.OwnPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** What goes wrong, at random moments: servers, the database, connections. For one thread. */
final class Faults {
  private static final Duration PACE = Duration.ofSeconds(2);

  private final FaultSettings settings;
  private final Nodes nodes;
  private final OwnPostgres postgres;
  private final Recovery recovery;
  private final ExecutorService threads;
  private final Random random;
  private final List<Future<?>> restarts = new ArrayList<>();
  private int kills;
  private int startingKills;
  private int stops;
  private int freezes;
  private int databaseRestarts;
  private int cuts;

  private enum Kind {
    KILL,
    FREEZE,
    STOP,
    DATABASE,
    CUT
  }

  Faults(
      FaultSettings settings,
      Nodes nodes,
      OwnPostgres postgres,
      Recovery recovery,
      ExecutorService threads) {
    this.settings = settings;
    this.nodes = nodes;
    this.postgres = postgres;
    this.recovery = recovery;
    this.threads = threads;
    random = new Random(settings.seed());
  }

  /** Does them all, then waits until every server is there again. */
  void run() throws InterruptedException, ExecutionException {
    var deadline = System.nanoTime() + settings.playing().toNanos();
    var left = plan();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      var pace = Math.min(PACE.toNanos(), (deadline - System.nanoTime()) / left.size());
      LockSupport.parkNanos((long) (pace * (0.3 + 1.4 * random.nextDouble())));
      var done = one(left.getLast());
      if (done) {
        left.removeLast();
      }
    }
    for (var restart : restarts) {
      restart.get();
    }
  }

  private List<Kind> plan() {
    var others = Math.max(1, settings.kills() / 12);
    var plan = new ArrayList<Kind>(Collections.nCopies(settings.kills(), Kind.KILL));
    for (var kind : List.of(Kind.FREEZE, Kind.STOP, Kind.DATABASE, Kind.CUT)) {
      plan.addAll(Collections.nCopies(others, kind));
    }
    Collections.shuffle(plan, random);
    return plan;
  }

  /** Whether there was something to do it to. */
  private boolean one(Kind kind) throws InterruptedException {
    return switch (kind) {
      case DATABASE -> {
        postgres.end(List.of("INT", "QUIT", "KILL").get(random.nextInt(3)));
        databaseRestarts++;
        yield true;
      }
      case CUT -> cut();
      case KILL, FREEZE, STOP -> {
        if (kind == Kind.KILL && random.nextInt(4) == 0 && killStarting()) {
          yield true;
        }
        var ready = nodes.ready();
        if (!ready.isEmpty()) {
          end(kind, ready.get(random.nextInt(ready.size())));
        }
        yield !ready.isEmpty();
      }
    };
  }

  private void end(Kind kind, Nodes.Node node) throws InterruptedException {
    if (kind == Kind.FREEZE) {
      freezes++;
      node.pause();
      recovery.watch();
      var frozen = FaultSettings.LEASE.plusMillis(random.nextInt(500, 2_500));
      restarts.add(
          threads.submit(() -> {
            LockSupport.parkNanos(frozen.toNanos());
            node.resume();
            return null;
          }));
      return;
    }
    if (kind == Kind.KILL) {
      kills++;
      node.kill();
      recovery.watch();
      restarts.add(threads.submit(() -> start(node)));
    } else {
      stops++;
      restarts.add(
          threads.submit(() -> {
            node.stop();
            return start(node);
          }));
    }
  }

  /** A server that starts dies as well as any other; whether there was one. */
  private boolean killStarting() throws InterruptedException {
    var all = new ArrayList<>(nodes.all());
    Collections.shuffle(all, random);
    for (var node : all) {
      if (node.killStarting()) {
        kills++;
        startingKills++;
        return true;
      }
    }
    return false;
  }

  private static Void start(Nodes.Node node) throws IOException, InterruptedException {
    node.start();
    return null;
  }

  /** Ends some of the servers' connections to the database; false where it is away. */
  private boolean cut() {
    var sql =
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and random() < 0.7
        """;
    try (var connection = postgres.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
      cuts++;
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  int kills() {
    return kills;
  }

  @Override
  public String toString() {
    return "kills=%d (while starting: %d) stops=%d freezes=%d database-restarts=%d cut-connections=%d"
        .formatted(kills, startingKills, stops, freezes, databaseRestarts, cuts);
  }
}

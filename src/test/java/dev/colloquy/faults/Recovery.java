package dev.colloquy.faults;

import dev.colloquy.testing.OwnPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;

/**
 * How long turns whose node died or froze took until they had ended, from that moment and without
 * the lease. Safe for many threads.
 */
final class Recovery {
  private static final Duration LEASE_IS_OVER = FaultSettings.LEASE.plusMillis(300);

  private final OwnPostgres postgres;
  private final ExecutorService threads;
  private final Queue<Lost> lost = new ConcurrentLinkedQueue<>();

  /** A turn by its place. */
  record Place(UUID conversation, long seq) {}

  private record Lost(Place place, Instant since) {}

  private record Running(Place place, UUID node) {}

  Recovery(OwnPostgres postgres, ExecutorService threads) {
    this.postgres = postgres;
    this.threads = threads;
  }

  /** A node has died or frozen now: which one is known when no lease of it is left. */
  void watch() {
    var since = Instant.now();
    var _ =
        threads.submit(() -> {
          try {
            var running = running();
            LockSupport.parkNanos(LEASE_IS_OVER.toNanos());
            var dead = deadSince(since);
            running.stream()
                .filter(turn -> dead.contains(turn.node()))
                .forEach(turn -> lost.add(new Lost(turn.place(), since)));
          } catch (SQLException e) {
            // The database is away too, and nobody knows: this one is not measured.
          }
        });
  }

  private List<Running> running() throws SQLException {
    try (var connection = postgres.connect();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                select conversation_id, question_seq, node_id from turn where status = 'running'
                """)) {
      var running = new ArrayList<Running>();
      while (row.next()) {
        running.add(
            new Running(
                new Place(row.getObject(1, UUID.class), row.getLong(2)),
                row.getObject(3, UUID.class)));
      }
      return running;
    }
  }

  /** Nodes that renewed their lease for the last time before that moment. */
  private Set<UUID> deadSince(Instant since) throws SQLException {
    try (var connection = postgres.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select id, lease_until from node")) {
      var dead = new java.util.HashSet<UUID>();
      while (row.next()) {
        var until = row.getTimestamp(2).toInstant();
        if (until.isBefore(since.plus(FaultSettings.LEASE).plusMillis(100))) {
          dead.add(row.getObject(1, UUID.class));
        }
      }
      return dead;
    }
  }

  /** How many turns lost their node. */
  int count() {
    return lost.size();
  }

  /**
   * The longest recovery, from the last time that a turn lost its node.
   *
   * @param ends when turns ended
   */
  Duration longest(Map<Place, Instant> ends) {
    var last = new HashMap<Place, Instant>();
    lost.forEach(one -> last.merge(one.place(), one.since(), (a, b) -> a.isAfter(b) ? a : b));
    var longest = Duration.ZERO;
    for (var one : last.entrySet()) {
      var end = ends.get(one.getKey());
      if (end != null) {
        var took = Duration.between(one.getValue(), end).minus(FaultSettings.LEASE);
        longest = took.compareTo(longest) > 0 ? took : longest;
      }
    }
    return longest;
  }
}

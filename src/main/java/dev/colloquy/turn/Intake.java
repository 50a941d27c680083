package dev.colloquy.turn;

import dev.colloquy.agent.WhenBusy;
import dev.colloquy.idempotency.Idempotency;
import dev.colloquy.idempotency.QuestionClaim;
import dev.colloquy.message.Tokens;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes questions in. Most are stored by one statement in one round trip ({@link TurnSql#ACCEPT});
 * this has the rest: what has an Idempotency-Key, what finds the conversation busy where it shall
 * not simply wait, what waits for more of its kind, and what is refused.
 */
@Singleton
final class Intake {
  // A burst that does not end is answered all the same, after so many of its windows.
  private static final int LONGEST_BURST = 10;

  private final Database database;
  private final TurnRepository turns;
  private final Idempotency idempotency;
  private final TurnConfig config;
  private final Clock clock;

  Intake(
      Database database,
      TurnRepository turns,
      Idempotency idempotency,
      TurnConfig config,
      Clock clock) {
    this.database = database;
    this.turns = turns;
    this.idempotency = idempotency;
    this.config = config;
    this.clock = clock;
  }

  /** Stores the question and opens its turn, or says why not. */
  Accepted accept(TurnRepository.Question question, UUID node) {
    if (question.wishes().key() == null) {
      var accepted = turns.accept(question, node);
      if (accepted.isPresent()) {
        return accepted.get();
      }
    }
    try {
      return database.inConnectionTransaction(connection -> acceptOnce(connection, question, node));
    } catch (NotStoredException e) {
      return e.reason;
    }
  }

  /** Finds out, in a transaction, what is asked; nothing where nothing is. */
  @FunctionalInterface
  interface Work {
    Optional<ChannelQuestion> in(Handle tx);
  }

  /**
   * Does the work and stores what it asks, in one transaction: all of it, or nothing where the
   * question is refused.
   *
   * @param before is told of the question before it is stored
   * @return nothing where nothing was asked
   */
  Optional<Accepted> accept(Work work, Consumer<TurnRepository.Question> before, UUID node) {
    try {
      return database.inTransaction(tx -> {
        var asked = work.in(tx);
        return asked.map(channel -> {
          var question = channel.question();
          before.accept(question);
          var accepted = Database.on(tx, connection -> acceptOnce(connection, question, node));
          channel.complete(tx);
          return accepted;
        });
      });
    } catch (NotStoredException e) {
      return Optional.of(e.reason);
    }
  }

  /** Rolls back what was done to store a question, the claim of its key among it. */
  private static final class NotStoredException extends RuntimeException {
    private final transient Accepted reason;

    NotStoredException(Accepted reason) {
      super(null, null, false, false);
      this.reason = reason;
    }
  }

  private Accepted acceptOnce(Connection connection, TurnRepository.Question q, UUID node)
      throws SQLException {
    var key = q.wishes().key();
    if (key != null) {
      switch (idempotency.claimForQuestion(connection, key, q.conversation(), q.id())) {
        case QuestionClaim.Replay(var _, var question) -> {
          return new Accepted.Replayed(question);
        }
        case QuestionClaim.OtherBody() -> {
          return new Accepted.OtherBody();
        }
        case QuestionClaim.Claimed() -> {
          var accepted = turns.accept(connection, q, node);
          if (accepted.isPresent()) {
            return accepted.get();
          }
        }
      }
    } else {
      var accepted = turns.accept(connection, q, node);
      if (accepted.isPresent()) {
        return accepted.get();
      }
    }
    return acceptLocked(connection, q, node);
  }

  /** A conversation whose row is locked, and what is done with the question in it. */
  private record Head(
      boolean isManual, int openTurns, boolean isInactive, WhenBusy whenBusy, int windowMs) {}

  private Accepted acceptLocked(Connection connection, TurnRepository.Question asked, UUID node)
      throws SQLException {
    var head = lock(connection, asked);
    if (head == null) {
      throw new NotStoredException(new Accepted.NotFound());
    }
    if (head.isInactive()) {
      throw new NotStoredException(new Accepted.AgentInactive());
    }
    if (head.openTurns() >= config.openPerConversation()) {
      throw new NotStoredException(new Accepted.TooManyOpen());
    }
    if (!head.isManual() && head.whenBusy() == WhenBusy.REJECT && isBusy(connection, asked)) {
      if (asked.wishes().canBeRejected()) {
        throw new NotStoredException(new Accepted.Busy());
      }
      return acceptLocked(connection, asked.waiting(), node);
    }
    // What kept the short way from storing it may be over by now.
    var stored = turns.accept(connection, asked, node);
    return stored.isPresent() ? stored.get() : merge(connection, asked, node, head);
  }

  /** Whether a turn is open that takes no more questions in. */
  private static boolean isBusy(Connection connection, TurnRepository.Question q)
      throws SQLException {
    return !open(connection, q).stream().allMatch(Open::gathers);
  }

  private static @Nullable Head lock(Connection connection, TurnRepository.Question q)
      throws SQLException {
    try (var statement = connection.prepareStatement(IntakeSql.LOCK)) {
      statement.setString(1, TurnRepository.nameOrNull(q.wishes().whenBusy()));
      statement.setObject(2, q.wishes().burstWindowMs(), Types.INTEGER);
      statement.setObject(3, q.conversation().value());
      statement.setObject(4, q.agent().agent().value());
      try (var row = statement.executeQuery()) {
        return row.next()
            ? new Head(
                row.getString("mode").equals("manual"),
                row.getInt("open_turns"),
                row.getBoolean("inactive"),
                Wire.value(WhenBusy.class, row.getString("when_busy")),
                row.getInt("burst_window_ms"))
            : null;
      }
    }
  }

  /** A turn that is open when a question arrives. */
  private record Open(
      long seq, boolean isRunning, boolean gathers, @Nullable OffsetDateTime since) {}

  /**
   * Stores the question and merges into its turn those that are to be answered with it: all open
   * ones where it interrupts, else those that still wait for more.
   */
  private Accepted merge(Connection connection, TurnRepository.Question q, UUID node, Head head)
      throws SQLException {
    var open = open(connection, q);
    var merged =
        open.stream()
            .filter(turn -> head.whenBusy() == WhenBusy.INTERRUPT || turn.gathers())
            .toList();
    var starts = head.windowMs() == 0;
    var now = Rows.now(clock);
    var stored = store(connection, q, starts ? node : null, head.windowMs(), merged, now);
    var seq = stored.seq();
    if (!merged.isEmpty()) {
      mergeInto(connection, q, seq, merged, now);
    }
    return starts
        ? new Accepted.Claimed(turns.load(connection, q.conversation(), seq))
        : new Accepted.Gathering(
            TurnRepository.message(q, seq, now),
            stored.startsIn(),
            merged.stream().anyMatch(Open::isRunning));
  }

  private static List<Open> open(Connection connection, TurnRepository.Question q)
      throws SQLException {
    try (var statement = connection.prepareStatement(IntakeSql.OPEN)) {
      statement.setObject(1, q.conversation().value());
      var open = new ArrayList<Open>();
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          open.add(
              new Open(
                  row.getLong("question_seq"),
                  row.getBoolean("running"),
                  row.getBoolean("gathers"),
                  row.getObject("gathers_since", OffsetDateTime.class)));
        }
      }
      return open;
    }
  }

  /** A question's number, and how long its turn waits for more. */
  private record Stored(long seq, Duration startsIn) {}

  /** Stores the question; its turn is running where a node is given. */
  private static Stored store(
      Connection connection,
      TurnRepository.Question q,
      @Nullable UUID node,
      int windowMs,
      List<Open> merged,
      Instant now)
      throws SQLException {
    var since = merged.stream().filter(Open::gathers).findFirst().map(Open::since);
    var raisesFence = node != null || merged.stream().anyMatch(Open::isRunning);
    try (var statement = connection.prepareStatement(IntakeSql.STORE)) {
      var i = 0;
      statement.setInt(++i, 1 - merged.size());
      statement.setInt(++i, raisesFence ? 1 : 0);
      statement.setObject(++i, q.conversation().value());
      statement.setObject(++i, q.id().value());
      statement.setString(++i, q.source());
      statement.setString(++i, q.text());
      statement.setString(++i, q.context());
      statement.setInt(++i, Tokens.estimate(q.text()));
      statement.setObject(++i, Rows.time(now));
      statement.setObject(++i, q.id().value());
      statement.setString(++i, node == null ? "pending" : "running");
      statement.setObject(++i, node, Types.OTHER);
      statement.setInt(++i, node == null ? 0 : 1);
      statement.setObject(++i, Rows.time(now));
      statement.setInt(++i, windowMs);
      statement.setInt(++i, windowMs * LONGEST_BURST);
      statement.setObject(++i, since.orElse(null), Types.TIMESTAMP_WITH_TIMEZONE);
      statement.setBoolean(++i, windowMs > 0);
      try (var row = statement.executeQuery()) {
        row.next();
        var startsIn = Duration.ofMillis(Math.max(0, row.getLong("starts_in_ms")));
        return new Stored(row.getLong("last_seq"), startsIn);
      }
    }
  }

  private static void mergeInto(
      Connection connection, TurnRepository.Question q, long seq, List<Open> merged, Instant now)
      throws SQLException {
    var places = connection.createArrayOf("bigint", merged.stream().map(Open::seq).toArray());
    try (var statement = connection.prepareStatement(IntakeSql.MERGE)) {
      statement.setLong(1, seq);
      statement.setObject(2, Rows.time(now));
      statement.setObject(3, q.conversation().value());
      statement.setArray(4, places);
      statement.setArray(5, places);
      statement.executeUpdate();
    }
  }
}

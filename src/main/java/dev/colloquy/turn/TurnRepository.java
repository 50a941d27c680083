package dev.colloquy.turn;

import dev.colloquy.agent.WhenBusy;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.event.TurnFailed;
import dev.colloquy.idempotency.IdempotentRequest;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.message.ReplyDeliveries;
import dev.colloquy.message.SenderRole;
import dev.colloquy.message.Tokens;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns in the database. Each method is a transaction of its own, and none is open while a model is
 * asked (invariant 5).
 */
@Singleton
final class TurnRepository {
  private final Database database;
  private final TurnConfig config;
  private final Clock clock;
  private final ReplyDeliveries deliveries;

  TurnRepository(Database database, TurnConfig config, Clock clock, ReplyDeliveries deliveries) {
    this.deliveries = deliveries;
    this.database = database;
    this.config = config;
    this.clock = clock;
  }

  /** A question that is offered. */
  record Question(
      KeyOwner.OfAgent agent,
      ConversationId conversation,
      MessageId id,
      String source,
      String text,
      @Nullable String context,
      Wishes wishes) {

    /** The same, to wait where the conversation is busy. */
    Question waiting() {
      return new Question(
          agent,
          conversation,
          id,
          source,
          text,
          context,
          new Wishes(WhenBusy.ENQUEUE, wishes.burstWindowMs, wishes.key, false));
    }
  }

  /**
   * What a question asks for beside its answer.
   *
   * @param whenBusy null: as the agent is set
   * @param burstWindowMs likewise
   * @param key what a repeat of the request is known by; null where it has no Idempotency-Key
   * @param canBeRejected whether there is somebody to tell that it was
   */
  record Wishes(
      @Nullable WhenBusy whenBusy,
      @Nullable Integer burstWindowMs,
      @Nullable IdempotentRequest key,
      boolean canBeRejected) {
    static final Wishes NONE = new Wishes(null, null, null, true);
  }

  /**
   * Stores the question and opens its turn, in one round trip; nothing where {@link Intake} must.
   */
  Optional<Accepted> accept(Question question, UUID node) {
    return database.onConnection(connection -> accept(connection, question, node));
  }

  /** As {@link #accept(Question, UUID)}, in the connection's transaction. */
  Optional<Accepted> accept(Connection connection, Question question, UUID node)
      throws SQLException {
    try (var statement = connection.prepareStatement(TurnSql.ACCEPT)) {
      var now = Rows.now(clock);
      bind(statement, question, node, now);
      statement.execute();
      try (var row = statement.getResultSet()) {
        return row.next() ? Optional.of(accepted(statement, row, question, now)) : Optional.empty();
      }
    }
  }

  private void bind(PreparedStatement statement, Question q, UUID node, Instant now)
      throws SQLException {
    var i = 0;
    statement.setObject(++i, Rows.time(now));
    statement.setObject(++i, q.conversation().value());
    statement.setObject(++i, q.agent().agent().value());
    statement.setInt(++i, config.openPerConversation());
    statement.setObject(++i, q.wishes().burstWindowMs(), Types.INTEGER);
    statement.setString(++i, nameOrNull(q.wishes().whenBusy()));
    statement.setObject(++i, q.id().value());
    statement.setString(++i, q.source());
    statement.setString(++i, q.text());
    statement.setString(++i, q.context());
    statement.setInt(++i, Tokens.estimate(q.text()));
    statement.setObject(++i, Rows.time(now));
    statement.setObject(++i, q.id().value());
    statement.setObject(++i, node);
    statement.setObject(++i, Rows.time(now));
    statement.setObject(++i, q.conversation().value());
    statement.setInt(++i, config.historyMessages() + 1);
  }

  private Accepted accepted(PreparedStatement statement, ResultSet row, Question q, Instant now)
      throws SQLException {
    var message = message(q, row.getLong("last_seq"), now);
    if (row.getString("mode").equals("manual")) {
      return new Accepted.Held(message);
    }
    if (row.getInt("open_turns") > 1) {
      return new Accepted.Pending(message);
    }
    var turn = TurnRows.turn(row, q.agent(), message, message.text(), q.context(), deadline());
    statement.getMoreResults();
    try (var history = statement.getResultSet()) {
      return new Accepted.Claimed(TurnRows.withHistory(turn, history));
    }
  }

  /** The question as it is stored. */
  static Message message(Question q, long seq, Instant now) {
    return new Message(
        q.conversation(),
        seq,
        q.id(),
        null,
        SenderRole.CONVERSATION_USER,
        q.source(),
        q.text(),
        null,
        null,
        List.of(),
        false,
        now);
  }

  static @Nullable String nameOrNull(@Nullable WhenBusy whenBusy) {
    return whenBusy == null ? null : Wire.name(whenBusy);
  }

  /**
   * Stores the reply and closes the turn; nothing where the turn is no longer this node's, or
   * somebody took over.
   *
   * @return how many turns of the conversation are still open
   */
  Optional<Committed> reply(Turn turn, MessageId id, Reply reply) {
    if (turn.merged().isEmpty() && !ReplyDeliveries.isSent(turn.question())) {
      return database.onConnection(
          connection -> reply(connection, turn, id, reply, Rows.now(clock)));
    }
    return database.inTransaction(tx -> {
      var committed =
          Database.on(tx, connection -> reply(connection, turn, id, reply, Rows.now(clock)));
      committed.ifPresent(
          done -> deliveries.write(tx, turn.agent(), turn.questions(), done.reply()));
      return committed;
    });
  }

  private static Optional<Committed> reply(
      Connection connection, Turn turn, MessageId id, Reply reply, Instant now)
      throws SQLException {
    try (var statement = connection.prepareStatement(TurnSql.REPLY)) {
      var i = 0;
      statement.setObject(++i, Rows.time(now));
      statement.setObject(++i, turn.question().conversation().value());
      statement.setLong(++i, turn.fence());
      statement.setInt(++i, turn.modeEpoch());
      statement.setObject(++i, id.value());
      statement.setObject(++i, turn.question().id().value());
      statement.setString(++i, turn.question().source());
      statement.setString(++i, reply.text());
      statement.setInt(++i, Tokens.estimate(reply.text()));
      statement.setString(++i, reply.response().column());
      statement.setObject(++i, Rows.time(now));
      statement.setObject(++i, Rows.time(now));
      statement.setString(++i, reply.model());
      statement.setInt(++i, reply.inputTokens());
      statement.setInt(++i, reply.outputTokens());
      statement.setLong(++i, turn.question().seq());
      try (var row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Committed(
                    message(turn, id, reply, row.getLong("last_seq"), now),
                    row.getInt("open_turns")))
            : Optional.empty();
      }
    }
  }

  /** A reply that is stored, and how many turns of the conversation are still open. */
  record Committed(Message reply, int openTurns) {}

  private static Message message(Turn turn, MessageId id, Reply reply, long seq, Instant now) {
    var question = turn.question();
    return new Message(
        question.conversation(),
        seq,
        id,
        question.id(),
        SenderRole.ASSISTANT,
        question.source(),
        reply.text(),
        null,
        reply.response(),
        List.of(),
        false,
        now);
  }

  /** Closes the turn as failed; nothing where it is no longer this node's. */
  Optional<Integer> fail(Turn turn, FailureReason reason, String detail) {
    return database.onConnection(connection -> {
      try (var statement = connection.prepareStatement(TurnSql.FAIL)) {
        var now = Rows.time(Rows.now(clock));
        statement.setObject(1, now);
        statement.setObject(2, turn.question().conversation().value());
        statement.setLong(3, turn.fence());
        statement.setInt(4, turn.modeEpoch());
        statement.setString(5, told(turn, reason, detail).column());
        statement.setObject(6, now);
        statement.setString(7, reason.name());
        statement.setString(8, detail);
        statement.setLong(9, turn.question().seq());
        try (var row = statement.executeQuery()) {
          return row.next() ? Optional.of(row.getInt("open_turns")) : Optional.empty();
        }
      }
    });
  }

  private static TurnFailed told(Turn turn, FailureReason reason, String detail) {
    var text = reason.text(turn.settings().defaultErrorMessage(), detail);
    return TurnFailed.of(turn.question().id(), turn.merged(), reason.code(), text);
  }

  /** A turn that was claimed, and how often it has been by now. */
  record Claim(Turn turn, int attempts) {}

  /** One turn, by its place. */
  record Place(ConversationId conversation, long seq) {}

  /** Claims the conversation's first open turn, if nobody holds it. */
  Optional<Claim> claimFirst(ConversationId conversation, UUID node) {
    return claimFirst(conversation, node, Optional.empty(), Lock.WHEN_FREE);
  }

  /**
   * As {@link #claimFirst(ConversationId, UUID)}; claims also the turn that this node holds by the
   * database but has lost, because a commit's answer never came.
   */
  Optional<Claim> claimFirst(
      ConversationId conversation, UUID node, Optional<Place> lost, Lock when) {
    var locking = when == Lock.IF_FREE ? TurnSql.LOCK + "skip locked" : TurnSql.LOCK;
    return database.inConnectionTransaction(connection -> {
      try (var lock = connection.prepareStatement(locking);
          var first = connection.prepareStatement(TurnSql.FIRST_OPEN)) {
        lock.setObject(1, conversation.value());
        try (var row = lock.executeQuery()) {
          if (!row.next()) {
            return Optional.empty();
          }
        }
        first.setObject(1, node);
        first.setObject(2, conversation.value());
        try (var row = first.executeQuery()) {
          if (!row.next()) {
            return Optional.empty();
          }
          var seq = row.getLong("question_seq");
          var isLost =
              row.getBoolean("mine") && lost.equals(Optional.of(new Place(conversation, seq)));
          if ((row.getBoolean("held") && !isLost) || row.getBoolean("gathers")) {
            return Optional.empty();
          }
          claim(connection, conversation, seq, node);
          return Optional.of(
              new Claim(load(connection, conversation, seq), row.getInt("attempts") + 1));
        }
      }
    });
  }

  private static void claim(Connection connection, ConversationId conversation, long seq, UUID node)
      throws SQLException {
    try (var statement = connection.prepareStatement(TurnSql.CLAIM)) {
      statement.setObject(1, conversation.value());
      statement.setObject(2, node);
      statement.setObject(3, conversation.value());
      statement.setLong(4, seq);
      statement.executeUpdate();
    }
  }

  /** A claimed turn with what the model needs. */
  Turn load(Connection connection, ConversationId conversation, long seq) throws SQLException {
    try (var statement = connection.prepareStatement(TurnSql.LOAD);
        var history = connection.prepareStatement(TurnSql.HISTORY_BEFORE)) {
      statement.setLong(1, seq);
      statement.setObject(2, conversation.value());
      history.setObject(1, conversation.value());
      history.setLong(2, seq);
      history.setInt(3, config.historyMessages());
      try (var row = statement.executeQuery()) {
        row.next();
        var agent =
            new KeyOwner.OfAgent(
                new AgentId(Rows.id(row, "agent_id")),
                new OrganizationId(Rows.id(row, "organization_id")));
        var turn =
            TurnRows.turn(
                    row,
                    agent,
                    Messages.toMessage(row),
                    row.getString("asked"),
                    row.getString("message_context"),
                    deadline())
                .alsoAnswering(TurnRows.merged(row));
        try (var messages = history.executeQuery()) {
          return TurnRows.withHistory(turn, messages);
        }
      }
    }
  }

  /** Conversations with turns that nobody works on. */
  List<ConversationId> abandoned() {
    return database.read(
        tx -> tx.createQuery(TurnSql.ABANDONED).mapTo(UUID.class).map(ConversationId::new).list());
  }

  /** The turns that the node runs, by the database. */
  Set<Place> running(UUID node) {
    return database.onConnection(connection -> {
      try (var statement = connection.prepareStatement(TurnSql.RUNNING)) {
        statement.setObject(1, node);
        var running = new HashSet<Place>();
        try (var row = statement.executeQuery()) {
          while (row.next()) {
            running.add(
                new Place(
                    new ConversationId(Rows.id(row, "conversation_id")),
                    row.getLong("question_seq")));
          }
        }
        return running;
      }
    });
  }

  /** Whether a reply of the turn would be stored now. */
  boolean holds(Turn turn) {
    return database.onConnection(connection -> {
      try (var statement = connection.prepareStatement(TurnSql.HOLDS)) {
        statement.setObject(1, turn.question().conversation().value());
        statement.setLong(2, turn.fence());
        statement.setInt(3, turn.modeEpoch());
        try (var row = statement.executeQuery()) {
          return row.next();
        }
      }
    });
  }

  private Instant deadline() {
    return clock.instant().plus(config.timeLimit());
  }
}

package dev.colloquy.turn;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.event.TurnFailed;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How a turn stands.
 *
 * @param reason the {@link FailureReason} if it failed, and {@code detail} what an operator reads
 * @param errorMessage the agent's own text for its callers
 * @param question the one that the reply names: another one where the turn was merged into its
 */
record Standing(
    String status,
    @Nullable String reason,
    @Nullable String detail,
    @Nullable String errorMessage,
    MessageId question,
    long questionSeq) {
  boolean isOpen() {
    return status.equals("pending") || isRunning();
  }

  boolean isRunning() {
    return status.equals("running");
  }

  boolean isCompleted() {
    return status.equals("completed");
  }

  boolean isFailed() {
    return status.equals("failed");
  }

  /** How a question's turn stands: its status, and why it failed; nothing where it has no turn. */
  static Optional<Standing> find(Handle tx, ConversationId conversation, long questionSeq) {
    try (var statement = tx.getConnection().prepareStatement(TurnSql.STATUS)) {
      statement.setObject(1, conversation.value());
      statement.setLong(2, questionSeq);
      try (var row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Standing(
                    row.getString("status"),
                    row.getString("error_code"),
                    row.getString("error"),
                    row.getString("default_error_message"),
                    new MessageId(Rows.id(row, "question_id")),
                    row.getLong("question_seq")))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new Database.JdbcException(e);
    }
  }

  /**
   * Ends an open turn of a conversation whose row is locked.
   *
   * @return how many turns of the conversation are still open
   */
  int cancel(Handle tx, ConversationId conversation, Instant now) {
    try (var statement = tx.getConnection().prepareStatement(TurnSql.CANCEL)) {
      var cancelled = FailureReason.CANCELLED;
      statement.setInt(1, isRunning() ? 1 : 0);
      statement.setObject(2, Rows.time(now));
      statement.setObject(3, conversation.value());
      var merged = merged(tx, conversation);
      statement.setString(
          4, TurnFailed.of(question, merged, cancelled.code(), cancelled.text(null, "")).column());
      statement.setString(5, cancelled.name());
      statement.setLong(6, questionSeq);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt("open_turns");
      }
    } catch (SQLException e) {
      throw new Database.JdbcException(e);
    }
  }

  private List<MessageId> merged(Handle tx, ConversationId conversation) throws SQLException {
    try (var statement = tx.getConnection().prepareStatement(TurnSql.MERGED)) {
      statement.setObject(1, conversation.value());
      statement.setLong(2, questionSeq);
      try (var row = statement.executeQuery()) {
        row.next();
        return TurnRows.merged(row);
      }
    }
  }
}

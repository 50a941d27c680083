package dev.colloquy.idempotency;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The idempotent_request table. What has expired and is not purged yet counts as absent. */
final class IdempotencyRepository {
  private IdempotencyRepository() {}

  /** Stores the question under the request's key; false where an earlier request holds the key. */
  static boolean claim(
      Connection tx,
      IdempotentRequest request,
      ConversationId conversation,
      MessageId question,
      Instant now,
      Instant expired)
      throws SQLException {
    var sql =
        """
        insert into idempotent_request (
          scope, fingerprint, conversation_id, question_id, created_at)
        values (?, ?, ?, ?, ?)
        on conflict (scope) do update
        set fingerprint = excluded.fingerprint,
            status = null,
            body = null,
            conversation_id = excluded.conversation_id,
            question_id = excluded.question_id,
            created_at = excluded.created_at
        where idempotent_request.created_at <= ?
        """;
    try (var statement = tx.prepareStatement(sql)) {
      statement.setBytes(1, request.scope());
      statement.setBytes(2, request.fingerprint());
      statement.setObject(3, conversation.value());
      statement.setObject(4, question.value());
      statement.setObject(5, Rows.time(now));
      statement.setObject(6, Rows.time(expired));
      return statement.executeUpdate() == 1;
    }
  }

  static Optional<QuestionClaim> findQuestion(
      Connection tx, IdempotentRequest request, Instant expired) throws SQLException {
    var sql =
        """
        select fingerprint, conversation_id, question_id
        from idempotent_request
        where scope = ? and created_at > ?
        """;
    try (var statement = tx.prepareStatement(sql)) {
      statement.setBytes(1, request.scope());
      statement.setObject(2, Rows.time(expired));
      try (var row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        if (!request.hasFingerprint(row.getBytes("fingerprint"))) {
          return Optional.of(new QuestionClaim.OtherBody());
        }
        return Optional.of(
            new QuestionClaim.Replay(
                new ConversationId(Rows.id(row, "conversation_id")),
                new MessageId(Rows.id(row, "question_id"))));
      }
    }
  }
}

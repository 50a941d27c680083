package dev.colloquy.idempotency;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The idempotent_request table. What has expired and is not purged yet counts as absent. */
final class IdempotencyRepository {
  private static final int BATCH = 1_000;

  private IdempotencyRepository() {}

  /** What was answered. */
  static final class Stored {
    final byte[] fingerprint;
    final int status;

    /** Sealed; null where there is none. */
    final byte @Nullable [] body;

    Stored(ResultSet row) throws SQLException {
      fingerprint = row.getBytes("fingerprint");
      status = row.getInt("status");
      body = row.getBytes("body");
    }
  }

  /** Locks out requests that are alike until the transaction ends; false where one is running. */
  static boolean tryLock(Handle tx, IdempotentRequest request) {
    return tx.createQuery("select pg_try_advisory_xact_lock(:lock)")
        .bind("lock", request.lock())
        .mapTo(Boolean.class)
        .one();
  }

  static Optional<Stored> find(Handle tx, IdempotentRequest request, Instant expired) {
    var sql =
        """
        select fingerprint, status, body
        from idempotent_request
        where scope = :scope and created_at > :expired
        """;
    return tx.createQuery(sql)
        .bind("scope", request.scope())
        .bind("expired", Rows.time(expired))
        .map((row, _) -> new Stored(row))
        .findOne();
  }

  /** Stores an answer; nobody else does for this request, since its transaction has the lock. */
  static void insert(
      Handle tx, IdempotentRequest request, int status, byte @Nullable [] body, Instant now) {
    var sql =
        """
        insert into idempotent_request (scope, fingerprint, status, body, created_at)
        values (:scope, :fingerprint, :status, :body, :now)
        on conflict (scope) do update
        set fingerprint = excluded.fingerprint,
            status = excluded.status,
            body = excluded.body,
            conversation_id = null,
            question_id = null,
            created_at = excluded.created_at
        """;
    tx.createUpdate(sql)
        .bind("scope", request.scope())
        .bind("fingerprint", request.fingerprint())
        .bind("status", status)
        .bind("body", body)
        .bind("now", Rows.time(now))
        .execute();
  }

  /** Removes the oldest of what has expired, up to a batch; how many they were. */
  static int purge(Handle tx, Instant expired) {
    var sql =
        """
        delete from idempotent_request
        where scope in (
          select scope from idempotent_request
          where created_at <= :expired
          order by created_at
          limit :batch
          for update skip locked)
        """;
    return tx.createUpdate(sql).bind("expired", Rows.time(expired)).bind("batch", BATCH).execute();
  }

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

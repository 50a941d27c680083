package dev.colloquy.idempotency;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Requests that carry an Idempotency-Key. Where a question is stored, its transaction claims the
 * key itself, and the answer is read from the question's turn.
 */
@Singleton
public final class Idempotency {
  /** The header of a request that may be repeated. */
  public static final String HEADER = "Idempotency-Key";

  /** The header of an answer that was given before. */
  public static final String REPLAYED = "Idempotency-Replayed";

  private final KeyedRequest keyed;
  private final RoutingContext http;
  private final IdempotencyConfig config;
  private final Clock clock;

  Idempotency(KeyedRequest keyed, RoutingContext http, IdempotencyConfig config, Clock clock) {
    this.keyed = keyed;
    this.http = http;
    this.config = config;
    this.clock = clock;
  }

  /** The request that runs on this thread, where it has an Idempotency-Key and writes. */
  public Optional<IdempotentRequest> current() {
    return Optional.ofNullable(keyed.get());
  }

  /** Says in the current request's answer that it was given before. */
  public void markReplayed() {
    http.response().putHeader(REPLAYED, "true");
  }

  /** The 422 for an Idempotency-Key that came with another body before. */
  public static ApiException otherBody() {
    return ApiException.of(
        ErrorCode.IDEMPOTENCY_KEY_REUSED, HEADER, "was sent before with another body or query");
  }

  /**
   * Claims the request's key for a question that the caller's transaction is about to store; the
   * first statement of that transaction. Waits for an earlier request with this key that has not
   * committed yet. Where this does not answer {@link QuestionClaim.Claimed}, nothing is to be
   * stored.
   */
  public QuestionClaim claimForQuestion(
      Connection tx, IdempotentRequest request, ConversationId conversation, MessageId question)
      throws SQLException {
    var now = Rows.now(clock);
    var expired = expired(now);
    while (true) {
      if (IdempotencyRepository.claim(tx, request, conversation, question, now, expired)) {
        return new QuestionClaim.Claimed();
      }
      // A second statement: it sees what the first one waited for. By the same time, so that what
      // is
      // about to expire is either found here or claimed there.
      var earlier = IdempotencyRepository.findQuestion(tx, request, expired);
      if (earlier.isPresent()) {
        return earlier.get();
      }
    }
  }

  /** What a claim of the request's key would find; nothing where it is free or not committed. */
  public Optional<QuestionClaim> findQuestion(Connection tx, IdempotentRequest request)
      throws SQLException {
    return IdempotencyRepository.findQuestion(tx, request, expired(Rows.now(clock)));
  }

  private Instant expired(Instant now) {
    return now.minus(config.retention());
  }
}

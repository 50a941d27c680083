package dev.colloquy.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.ErrorResponse;
import dev.colloquy.platform.secret.Seal;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Does an operation and stores its answer in one transaction, or finds what was answered before.
 * Requests that are alike exclude each other by an advisory lock, for which nobody waits.
 */
@Singleton
final class StoredAnswers {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Database database;
  private final ObjectMapper json;
  private final IdempotencyConfig config;
  private final Clock clock;

  StoredAnswers(Database database, ObjectMapper json, IdempotencyConfig config, Clock clock) {
    this.database = database;
    this.json = json;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Does the operation once.
   *
   * @param showsSecret whether its answer is for the API key only that asked
   * @return what the operation returns
   * @throws ReplayedAnswer instead, where it has been done
   * @throws Exception what the operation throws; then nothing is stored, and it can be tried again
   */
  @Nullable Object once(
      IdempotentRequest request, int status, boolean showsSecret, Callable<Object> operation)
      throws Exception {
    var seal = Seal.of(request.sealedWith(showsSecret), request.scope());
    return database.<@Nullable Object, Exception>inSharedTransaction(tx -> {
      var isFirst = IdempotencyRepository.tryLock(tx, request);
      // A second statement, which sees what was committed before the lock was free.
      var now = Rows.now(clock);
      var stored = IdempotencyRepository.find(tx, request, now.minus(config.retention()));
      if (stored.isPresent()) {
        throw replay(request, stored.get(), seal);
      }
      if (!isFirst) {
        throw stillRunning();
      }
      var answer = operation.call();
      IdempotencyRepository.insert(tx, request, status, sealed(answer, seal), now);
      return answer;
    });
  }

  private byte @Nullable [] sealed(@Nullable Object answer, Seal seal)
      throws JsonProcessingException {
    return answer == null ? null : seal.close(json.writeValueAsBytes(answer));
  }

  private static RuntimeException replay(
      IdempotentRequest request, IdempotencyRepository.Stored stored, Seal seal) {
    if (!request.hasFingerprint(stored.fingerprint)) {
      return Idempotency.otherBody();
    }
    if (stored.body == null) {
      return new ReplayedAnswer(stored.status, null);
    }
    return seal.open(stored.body)
        .<RuntimeException>map(
            body -> new ReplayedAnswer(stored.status, new String(body, StandardCharsets.UTF_8)))
        .orElseGet(() ->
            ApiException.of(
                ErrorCode.ANSWER_IS_SEALED,
                Idempotency.HEADER,
                "was answered with a secret, which only the API key that asked can read again"));
  }

  private static ApiException stillRunning() {
    return new ApiException(
        ErrorCode.REQUEST_STILL_RUNNING,
        List.of(
            new ErrorResponse.Detail(Idempotency.HEADER, "its first request has not ended yet")),
        RETRY_AFTER);
  }

  /** Removes some of what has expired, in a transaction of its own; false once none is left. */
  boolean purgeSome() {
    var expired = Rows.now(clock).minus(config.retention());
    return database.inTransaction(tx -> IdempotencyRepository.purge(tx, expired)) > 0;
  }
}

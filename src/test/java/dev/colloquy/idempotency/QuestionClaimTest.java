package dev.colloquy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ServerTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Claims of an Idempotency-Key for a question, as the transaction that stores it makes them. */
@ServerTest
class QuestionClaimTest {
  private static final KeyOwner OWNER =
      new KeyOwner.OfAgent(new AgentId(UUID.randomUUID()), new OrganizationId(UUID.randomUUID()));

  @Inject Database database;
  @Inject Idempotency idempotency;

  private final ConversationId conversation = new ConversationId(UUID.randomUUID());

  private static IdempotentRequest request(String key, String body) {
    var hash = Sha256.digest().digest(body.getBytes(StandardCharsets.UTF_8));
    return IdempotentRequest.of(OWNER, "POST", "/messages", null, hash, key, "cq_agent_key");
  }

  private QuestionClaim claim(IdempotentRequest request, MessageId question) {
    return database.inConnectionTransaction(
        tx -> idempotency.claimForQuestion(tx, request, conversation, question));
  }

  private static MessageId question() {
    return new MessageId(UUID.randomUUID());
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  @Test
  void theFirstOneClaimsAndARepeatFindsItsQuestion() {
    var key = key();
    var first = question();
    assertThat(claim(request(key, "hello"), first)).isEqualTo(new QuestionClaim.Claimed());
    assertThat(claim(request(key, "hello"), question()))
        .isEqualTo(new QuestionClaim.Replay(conversation, first));
    assertThat(claim(request(key, "other"), question())).isEqualTo(new QuestionClaim.OtherBody());
    assertThat(claim(request(key(), "hello"), question())).isEqualTo(new QuestionClaim.Claimed());
  }

  @Test
  void aClaimThatIsRolledBackLeavesTheKeyFree() {
    var request = request(key(), "hello");
    assertThatThrownBy(() ->
            database.inConnectionTransaction(tx -> {
              idempotency.claimForQuestion(tx, request, conversation, question());
              throw new IllegalArgumentException("refused");
            }))
        .hasMessage("refused");
    assertThat(
            database.<Object>inConnectionTransaction(tx -> idempotency.findQuestion(tx, request)))
        .isEqualTo(java.util.Optional.empty());
    assertThat(claim(request, question())).isEqualTo(new QuestionClaim.Claimed());
  }

  @Test
  void claimsThatRaceGiveOneQuestion() throws InterruptedException {
    var key = key();
    var start = new CountDownLatch(1);
    Callable<QuestionClaim> race =
        () -> {
          start.await();
          return claim(request(key, "hello"), question());
        };
    try (var racers = Executors.newVirtualThreadPerTaskExecutor()) {
      var claims = Stream.generate(() -> racers.submit(race)).limit(12).toList();
      start.countDown();
      for (var claim : claims) {
        assertThat(claim).succeedsWithin(20, TimeUnit.SECONDS);
      }
      var won = claims.stream().map(Future::resultNow).distinct().toList();
      assertThat(won).hasSize(2).contains(new QuestionClaim.Claimed());
      assertThat(won).anyMatch(claim -> claim instanceof QuestionClaim.Replay);
      assertThat(
              claims.stream()
                  .map(Future::resultNow)
                  .filter(QuestionClaim.Claimed.class::isInstance))
          .hasSize(1);
    }
  }

  @Test
  void aClaimWaitsForAnEarlierOneThatHasNotCommitted() throws Exception {
    var key = key();
    var first = question();
    try (var racers = Executors.newVirtualThreadPerTaskExecutor()) {
      var second =
          database.inConnectionTransaction(tx -> {
            idempotency.claimForQuestion(tx, request(key, "hello"), conversation, first);
            var waiting = racers.submit(() -> claim(request(key, "hello"), question()));
            org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(10))
                .until(() -> isSomebodyWaiting(tx));
            assertThat(waiting).isNotDone();
            return waiting;
          });
      assertThat(second)
          .succeedsWithin(10, TimeUnit.SECONDS)
          .isEqualTo(new QuestionClaim.Replay(conversation, first));
    }
  }

  private static boolean isSomebodyWaiting(java.sql.Connection tx) throws java.sql.SQLException {
    var sql =
        """
        select exists (
          select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid)))
        """;
    try (var row = tx.createStatement().executeQuery(sql)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  @Test
  void aClaimThatHasExpiredIsClaimedAnew() {
    var key = key();
    claim(request(key, "hello"), question());
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                update idempotent_request
                set created_at = created_at - interval '24 hours 1 second'
                where scope = :scope
                """)
            .bind("scope", request(key, "hello").scope())
            .execute());
    var later = question();
    assertThat(claim(request(key, "other"), later)).isEqualTo(new QuestionClaim.Claimed());
    assertThat(claim(request(key, "other"), question()))
        .isEqualTo(new QuestionClaim.Replay(conversation, later));
  }
}

package dev.colloquy.idempotency;

import static dev.colloquy.idempotency.Repeats.done;
import static dev.colloquy.idempotency.Repeats.isReplayOf;
import static dev.colloquy.idempotency.Repeats.key;
import static dev.colloquy.idempotency.Repeats.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.OtherOrganization;
import dev.colloquy.testing.ServerTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** Requests that race with their repeats, callers that are cut off, and time that passes. */
@ServerTest
class IdempotencyFaultTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String PATH = "/external/users";

  @Inject Database database;
  @Inject ApiKeys keys;
  @Inject PurgeAnswers purge;

  private static Map<String, String> user() {
    return Map.of("firstName", "Grace", "lastName", "Hopper", "fkId", key());
  }

  private int count(String sql, Object id) {
    return database.read(tx -> tx.createQuery(sql).bind("id", id).mapTo(Integer.class).one());
  }

  private static boolean isSomebodyWaiting(Handle tx) {
    return tx.createQuery(
            """
            select exists (
              select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid)))
            """)
        .mapTo(Boolean.class)
        .one();
  }

  /** Whoever makes something of the organization's waits until the transaction ends. */
  private static void block(Handle tx, OtherOrganization organization) {
    tx.createQuery("select 1 from organization where id = :id for update")
        .bind("id", organization.id().value())
        .mapTo(Integer.class)
        .one();
  }

  @Test
  void invariant7OfTwentyAtOnceOneHasAnEffect() throws InterruptedException {
    for (var round = 0; round < 5; round++) {
      var agent = Api.newAgent();
      var user = agent.newUser();
      var key = key();
      var body = Map.of("conversationUserId", user);
      var start = new CountDownLatch(1);
      Callable<Response> race =
          () -> {
            start.await();
            return post(agent, key, "/external/conversations", body);
          };
      try (var racers = Executors.newVirtualThreadPerTaskExecutor()) {
        var answers = Stream.generate(() -> racers.submit(race)).limit(20).toList();
        start.countDown();
        for (var answer : answers) {
          assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS);
        }
        var all = answers.stream().map(Future::resultNow).toList();
        assertThat(all).allMatch(a -> a.statusCode() == 201 || a.statusCode() == 409);
        var made = all.stream().filter(a -> a.statusCode() == 201).toList();
        assertThat(made.stream().map(Response::asString).distinct()).hasSize(1);
        assertThat(made.stream().filter(a -> a.header(Idempotency.REPLAYED) == null)).hasSize(1);
        assertThat(post(agent, key, "/external/conversations", body).asString())
            .isEqualTo(made.getFirst().asString());
      }
      assertThat(
              count("select count(*) from conversation where user_id = :id", UUID.fromString(user)))
          .isEqualTo(1);
    }
  }

  @Test
  void aRepeatOfARequestThatStillRunsIsToldToWait() throws Exception {
    var organization = OtherOrganization.create(database, keys);
    var key = key();
    var body = user();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          database.inTransaction(tx -> {
            block(tx, organization);
            var running = callers.submit(() -> post(organization.agent(), key, PATH, body));
            await().atMost(SOON).until(() -> isSomebodyWaiting(tx));
            var repeat = post(organization.agent(), key, PATH, body);
            repeat.then().statusCode(409).body("message", equalTo("REQUEST_STILL_RUNNING"));
            assertThat(repeat.header("Retry-After")).isEqualTo("1");
            assertThat(running).isNotDone();
            return running;
          });
      isReplayOf(
          done(first.get(15, TimeUnit.SECONDS), 201), post(organization.agent(), key, PATH, body));
    }
  }

  @Test
  void invariant7ACallerWhoIsCutOffBeforeTheAnswerGetsItWhenAskingAgain() {
    var organization = OtherOrganization.create(database, keys);
    var key = key();
    var body = user();
    database.useTransaction(tx -> {
      block(tx, organization);
      sendAndHangUp(
          tx,
          """
          POST /external/users HTTP/1.1\r
          Host: localhost\r
          Agent-Secret-Key: %s\r
          Idempotency-Key: %s\r
          Content-Type: application/json\r
          Content-Length: %d\r
          \r
          %s\
          """
              .formatted(organization.agent().key(), key, json(body).length(), json(body)));
    });
    var stored = "select count(*) from conversation_user where organization_id = :id";
    await().atMost(SOON).until(() -> count(stored, organization.id().value()) == 1);

    var repeat = post(organization.agent(), key, PATH, json(body));

    assertThat(repeat.statusCode()).isEqualTo(201);
    assertThat(repeat.header(Idempotency.REPLAYED)).isEqualTo("true");
    assertThat(repeat.<String>path("fkId")).isEqualTo(body.get("fkId"));
    assertThat(count(stored, organization.id().value())).isEqualTo(1);
  }

  private static String json(Map<String, String> body) {
    return "{\"firstName\":\"%s\",\"lastName\":\"%s\",\"fkId\":\"%s\"}"
        .formatted(body.get("firstName"), body.get("lastName"), body.get("fkId"));
  }

  /** The caller is gone before the request can have been answered. */
  private static void sendAndHangUp(Handle tx, String request) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      await().atMost(SOON).until(() -> isSomebodyWaiting(tx));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anAnswerIsKeptForADayAndNoLonger() {
    var agent = Api.newAgent();
    var body = Map.of("conversationUserId", agent.newUser());
    var key = key();
    var first = done(post(agent, key, "/external/conversations", body), 201);
    age("23 hours 59 minutes");
    isReplayOf(first, post(agent, key, "/external/conversations", body));
    age("2 minutes");
    var second = done(post(agent, key, "/external/conversations", body), 201);
    assertThat(second.<String>path("id")).isNotEqualTo(first.path("id"));
    isReplayOf(second, post(agent, key, "/external/conversations", body));
  }

  private void age(String interval) {
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                update idempotent_request
                set created_at = created_at - cast(:interval as interval)
                """)
            .bind("interval", interval)
            .execute());
  }

  @Test
  void whatHasExpiredIsRemovedBatchByBatchAndTheRestIsKept() {
    database.useTransaction(tx ->
        tx.execute(
            """
            insert into idempotent_request (scope, fingerprint, status, created_at)
            select sha256(cast('old ' || n as bytea)), '', 204, now() - interval '25 hours'
            from generate_series(1, 2500) n
            """));
    var agent = Api.newAgent();
    var body = user();
    var key = key();
    var first = done(post(agent, key, PATH, body), 201);

    purge.purge();

    var expired =
        "select count(*) from idempotent_request where created_at < now() - cast(:id as interval)";
    assertThat(count(expired, "24 hours")).isZero();
    isReplayOf(first, post(agent, key, PATH, body));
  }
}

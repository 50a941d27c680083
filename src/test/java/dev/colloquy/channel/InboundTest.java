package dev.colloquy.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** What comes in is kept first, handled once, and lost by no fault. */
@ServerTest
class InboundTest {
  @Inject Database database;
  @Inject Inbound inbound;
  @Inject Planted planted;
  @Inject InboundPurge purge;
  private final String order = Unique.word();

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50));
  }

  private Optional<UUID> keep(String externalId) {
    var body = "the body".getBytes(StandardCharsets.UTF_8);
    return inbound.keep(Planted.SOURCE, null, externalId, order, "text/plain", null, body);
  }

  private String status(UUID id) {
    return database.read(tx ->
        tx.createQuery("select status from inbound where id = :id")
            .bind("id", id)
            .mapTo(String.class)
            .one());
  }

  private static List<String> mine(List<String> handled, String word) {
    return handled.stream().filter(id -> id.startsWith(word)).toList();
  }

  @Test
  void invariant7WhatComesTwiceHasOneEffect() throws InterruptedException {
    var id = Unique.word();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Optional<UUID>> keep = () -> keep(id);
      var kept =
          threads.invokeAll(java.util.Collections.nCopies(8, keep)).stream()
              .map(Future::resultNow)
              .flatMap(Optional::stream)
              .toList();
      assertThat(kept).hasSize(1);
      soon().until(() -> status(kept.getFirst()).equals("handled"));
    }
    assertThat(mine(planted.handled(), id)).containsExactly(id);
  }

  @Test
  void aFaultOfTheHandlerLosesNothing() {
    var id = Unique.word();
    planted.fail(id, 2);
    var kept = keep(id).orElseThrow();
    soon().until(() -> status(kept).equals("handled"));
    assertThat(mine(planted.handled(), id)).containsExactly(id);
  }

  @Test
  void whatFailsForGoodIsPutAsideAndCanBeReplayed() {
    var id = Unique.word();
    planted.fail(id, Integer.MAX_VALUE);
    var kept = keep(id).orElseThrow();
    // As if it had been tried seven times before.
    database.useTransaction(tx ->
        tx.createUpdate("update inbound set attempts = 7 where id = :id")
            .bind("id", kept)
            .execute());
    soon().until(() -> status(kept).equals("failed"));
    var replay = "/admin/inbound/" + kept + "/replay";
    planted.fail(id, 0);
    Api.superAdmin().post(replay, "").then().statusCode(204);
    soon().until(() -> status(kept).equals("handled"));
    assertThat(mine(planted.handled(), id)).containsExactly(id);
    Api.superAdmin().post(replay, "").then().statusCode(409);
  }

  @Test
  void whatIsOfOneOrderIsHandledInIt() {
    var word = Unique.word();
    var ids = IntStream.range(0, 10).mapToObj(i -> word + "-" + i).toList();
    planted.fail(ids.getFirst(), 1);
    planted.fail(ids.get(7), 1);
    ids.forEach(this::keep);
    soon().until(() -> mine(planted.handled(), word).size() == ids.size());
    assertThat(mine(planted.handled(), word)).isEqualTo(ids);
  }

  @Test
  void theListSaysWhatBecameOfIt() {
    var kept = keep(Unique.word()).orElseThrow();
    soon().until(() -> status(kept).equals("handled"));
    var row = "data.find { it.id == '" + kept + "' }";
    Api.superAdmin()
        .get("/admin/inbound?status=handled&pageSize=100")
        .then()
        .statusCode(200)
        .body(row + ".outcome", equalTo("noted"))
        .body(row + ".attempts", equalTo(1));
    Api.superAdmin().get("/admin/inbound?status=lost").then().statusCode(400);
  }

  @Test
  void itsRawFormIsForgottenAfterItsTime() {
    var kept = keep(Unique.word()).orElseThrow();
    soon().until(() -> status(kept).equals("handled"));
    database.useTransaction(tx ->
        tx.createUpdate(
                "update inbound set received_at = now() - interval '31 days' where id = :id")
            .bind("id", kept)
            .execute());
    purge.purge();
    var bodies =
        database.read(tx ->
            tx.createQuery("select count(body) from inbound where id = :id")
                .bind("id", kept)
                .mapTo(Integer.class)
                .one());
    assertThat(bodies).isZero();
  }
}

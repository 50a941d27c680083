package dev.colloquy.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.OtherOrganization;
import dev.colloquy.testing.ServerTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A request may take longer than its body may. */
@ServerTest
class SlowAnswerTest {
  private static final Duration LONGER_THAN_A_BODY = Duration.ofSeconds(5);

  @Inject Database database;
  @Inject ApiKeys keys;

  private static byte[] user() {
    return "{\"firstName\":\"Grace\",\"lastName\":\"Hopper\",\"fkId\":\"%s\"}"
        .formatted(UUID.randomUUID())
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Without an announced length. */
  private static BodyPublisher chunked() {
    return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(user()));
  }

  @Test
  void aRequestThatTakesLongerThanItsBodyMayIsAnswered() throws Exception {
    var organization = OtherOrganization.create(database, keys);
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var answers =
          database.inTransaction(tx -> {
            // Whoever makes a user of the organization waits for this transaction.
            tx.createQuery("select 1 from organization where id = :id for update")
                .bind("id", organization.id().value())
                .mapTo(Integer.class)
                .one();
            var sent =
                List.of(BodyPublishers.ofByteArray(user()), chunked()).stream()
                    .map(body -> request(organization, body))
                    .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
                    .toList();
            await()
                .pollDelay(LONGER_THAN_A_BODY)
                .atMost(LONGER_THAN_A_BODY.multipliedBy(2))
                .until(() -> true);
            return sent;
          });
      for (var answer : answers) {
        assertThat(answer).succeedsWithin(Duration.ofSeconds(15));
        assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(201);
      }
    }
  }

  private static HttpRequest request(OtherOrganization organization, BodyPublisher body) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + RestAssured.port + "/external/users"))
        .header("Agent-Secret-Key", organization.agent().key())
        .header("Content-Type", "application/json")
        .POST(body)
        .build();
  }
}

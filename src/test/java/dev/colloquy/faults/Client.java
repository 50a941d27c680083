package dev.colloquy.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * A caller as the API's guide wants it: every write has an Idempotency-Key and is repeated with it,
 * at any server, until there is a final answer. Safe for many threads.
 */
final class Client {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private final Nodes nodes;
  private final Ledger ledger;
  private final String key;
  private volatile long deadline = Long.MAX_VALUE;

  /**
   * The holder of an agent's key.
   *
   * @param ledger where is counted what it meets
   */
  Client(Nodes nodes, Ledger ledger, String key) {
    this.nodes = nodes;
    this.ledger = ledger;
    this.key = key;
  }

  /** From then on nothing is repeated any more. */
  void giveUpAfter(Duration time) {
    deadline = System.nanoTime() + time.toNanos();
  }

  boolean isGivingUp() {
    return deadline != Long.MAX_VALUE && System.nanoTime() > deadline;
  }

  /** Does it until there is a final answer; a status of 0 where there never was one. */
  Ledger.Answer write(RandomGenerator random, String method, String path, Map<String, ?> body)
      throws InterruptedException {
    var idempotencyKey = UUID.randomUUID().toString();
    for (var attempt = 0; !isGivingUp(); attempt++) {
      if (attempt > 0) {
        ledger.count("repeats");
        LockSupport.parkNanos(
            Duration.ofMillis(random.nextInt(20, Math.min(1_000, 100 + 100 * attempt))).toNanos());
      }
      try {
        var request =
            request(random, path)
                .header("Idempotency-Key", idempotencyKey)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
        var response =
            http.send(request.timeout(patience(random)).build(), BodyHandlers.ofString());
        var answer = new Ledger.Answer(response.statusCode(), read(response));
        ledger.count("status-" + answer.status());
        if (isFinal(answer)) {
          response
              .headers()
              .firstValue("Idempotency-Replayed")
              .ifPresent(_ -> ledger.count("replayed"));
          return answer;
        }
      } catch (IOException e) {
        ledger.count("broken-connections");
      }
    }
    return new Ledger.Answer(0, JSON.createObjectNode());
  }

  /** Some hang up soon. */
  private static Duration patience(RandomGenerator random) {
    return Duration.ofMillis(
        random.nextInt(10) == 0 ? random.nextInt(5, 300) : random.nextInt(4_000, 12_000));
  }

  private boolean isFinal(Ledger.Answer answer) {
    var why = answer.body().path("message").asText();
    return switch (answer.status()) {
      case 429, 500, 504 -> false;
      case 503 -> !why.equals("UNAVAILABLE");
      case 409 -> !why.equals("REQUEST_STILL_RUNNING");
      default -> true;
    };
  }

  /** One try to read, from any server. */
  HttpResponse<String> get(RandomGenerator random, String path, Duration timeout)
      throws IOException, InterruptedException {
    return http.send(request(random, path).timeout(timeout).GET().build(), BodyHandlers.ofString());
  }

  /** Reads, from any server, until one answers 200. */
  JsonNode read(RandomGenerator random, String path) throws InterruptedException {
    for (var attempt = 0; attempt < 20; attempt++) {
      try {
        var response = get(random, path, Duration.ofSeconds(20));
        if (response.statusCode() == 200) {
          return read(response);
        }
      } catch (IOException e) {
        ledger.count("broken-reads");
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
    throw new IllegalStateException("no server answers GET " + path);
  }

  private HttpRequest.Builder request(RandomGenerator random, String path) {
    var header =
        path.startsWith("/external/agent") ? "Organization-Secret-Key" : "Agent-Secret-Key";
    return HttpRequest.newBuilder(nodes.any(random).resolve(path)).header(header, key);
  }

  static JsonNode read(HttpResponse<String> response) throws IOException {
    return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
  }
}

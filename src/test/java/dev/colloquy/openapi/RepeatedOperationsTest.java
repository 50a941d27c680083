package dev.colloquy.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ApiDocument;
import dev.colloquy.testing.ApiDocument.Operation;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Invariant 7 for every operation that is served: what is repeated with its key is answered alike.
 */
@ServerTest
class RepeatedOperationsTest {
  private static final String KEY = "Idempotency-Key";
  private static final String REPLAYED = "Idempotency-Replayed";

  @Inject Database database;

  private static List<Operation> writes() {
    var writes =
        ApiDocument.served().operations().stream()
            .filter(operation -> !operation.method().equals("GET"))
            .toList();
    assertThat(writes).hasSizeGreaterThan(12);
    return writes;
  }

  @Test
  void invariant7EveryOperationRepeatedWithItsKeyIsAnsweredAlike() {
    var faults = new ArrayList<String>();
    for (var operation : writes()) {
      var world = World.inDemo(database);
      var path = path(world, operation);
      var body = operation.hasBody() ? world.body(operation).toString() : null;
      var key = UUID.randomUUID().toString();
      var first = send(world, operation, path, body, key);
      var second = send(world, operation, path, body, key);
      if (first.statusCode() >= 300
          || first.header(REPLAYED) != null
          || second.statusCode() != first.statusCode()
          || !second.asString().equals(first.asString())
          || !"true".equals(second.header(REPLAYED))) {
        faults.add(
            "%s: %d %s, then %d %s"
                .formatted(
                    operation,
                    first.statusCode(),
                    first.asString(),
                    second.statusCode(),
                    second.asString()));
      }
    }
    assertThat(faults).isEmpty();
  }

  private static String path(World world, Operation operation) {
    if (!operation.id().equals("revokeKey")) {
      return world.path(operation);
    }
    // A key that there is, unlike the world's.
    var keys = world.organizationApi.get("/external/agents/" + world.owner.agent() + "/keys");
    return "/admin/keys/" + keys.path("[0].id");
  }

  private static Response send(
      World world, Operation operation, String path, String body, String key) {
    var request = world.api(operation).request().header(KEY, key);
    if (body != null) {
      request.contentType("application/json").body(body);
    }
    return request.request(operation.method(), path);
  }

  @Test
  void everyOperationThatWritesSaysThatItTakesTheKey() {
    for (var operation : ApiDocument.served().operations()) {
      var node = operation.node();
      var writes = !operation.method().equals("GET");
      assertThat(node.path("parameters").toString().contains("#/components/parameters/" + KEY))
          .as(operation.toString())
          .isEqualTo(writes);
      assertThat(node.path("responses").has("422")).as(operation.toString()).isEqualTo(writes);
      assertThat(node.path("responses").has("409")).as(operation.toString()).isEqualTo(writes);
      assertThat(node.path("responses").toString().contains("#/components/headers/" + REPLAYED))
          .as(operation.toString())
          .isEqualTo(writes);
      assertThat(!writes || node.path("responses").has("400")).as(operation.toString()).isTrue();
    }
  }
}

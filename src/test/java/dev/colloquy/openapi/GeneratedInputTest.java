package dev.colloquy.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ApiDocument;
import dev.colloquy.testing.ApiDocument.Operation;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Every field and parameter of every operation with whatever may be sent: what comes back is a
 * success or an error that is documented, never a fault of ours; and an error has stored nothing.
 */
@ServerTest
class GeneratedInputTest {
  private static final Set<String> ERROR_KEYS = Set.of("status", "name", "message", "details");
  private static final List<String> PARAMETERS =
      List.of(
          "",
          "0",
          "-1",
          "1",
          "abc",
          "1e9",
          "2147483647",
          "2147483648",
          "99999999999999999999",
          "1.5",
          "%00",
          "a%00b",
          "%ED%A0%80",
          "%FF%FE",
          "%F0%9F%98%80",
          "null",
          "true",
          "True",
          "%27%20or%201=1--",
          "%25_%5C",
          "2026-13-45",
          "2026-01-31",
          "0000-00-00T00:00:00Z",
          "%2B275760-09-13T00:00:00Z",
          "-999999999-01-01T00:00:00Z",
          "2026-01-31T09:30:00%2B02:00",
          "createdAt",
          "createdat",
          "ASC",
          "asc",
          "00000000-0000-0000-0000-000000000000",
          "AAAA",
          "MS4wMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDA",
          "OTIyMzM3MjAzNjg1NDc3NTgwNy4wMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDA",
          "x".repeat(3_000));

  @Inject Database database;

  private final List<String> faults = new ArrayList<>();
  private String stored;

  @Test
  void everyFieldOfEveryBodyTakesWhateverIsSent() {
    var seed = Long.getLong("seed", System.nanoTime());
    var nasty = new Nasty(seed);
    System.out.println("seed=" + seed);
    for (var operation : ApiDocument.served().operations()) {
      if (!operation.hasBody()) {
        continue;
      }
      var world = World.inDemo(database);
      stored = fingerprint();
      for (var field : ApiDocument.served().bodyFields(operation).properties()) {
        for (var value : nasty.values()) {
          var body = world.body(operation);
          body.putRawValue(field.getKey(), new RawValue(value));
          send(world, operation, body, field.getKey() + "=" + cut(value));
        }
      }
      var bare = world.body(operation);
      for (var field : bare.properties()) {
        var body = world.body(operation);
        body.remove(field.getKey());
        send(world, operation, body, "without " + field.getKey());
      }
    }
    assertThat(faults).as("seed=" + seed).isEmpty();
  }

  private void send(World world, Operation operation, ObjectNode body, String what) {
    try {
      var answer = World.send(world.api(operation), operation, world.path(operation), body);
      check(operation, answer, what);
      if (operation.id().equals("sendMessageAsync") && answer.statusCode() == 201) {
        untilAnswered();
      }
      if (answer.statusCode() < 300) {
        stored = fingerprint();
      }
    } catch (AssertionError e) {
      fault(operation, what, e.getMessage());
    }
  }

  private void check(Operation operation, Response answer, String what) {
    var status = answer.statusCode();
    if (status >= 500) {
      fault(operation, what, status + " " + answer.asString());
    }
    if (status >= 400) {
      if (!answer.jsonPath().getMap("").keySet().equals(ERROR_KEYS)) {
        fault(operation, what, answer.asString());
      }
      var now = fingerprint();
      if (!now.equals(stored)) {
        faults.add(operation + " " + what + ": " + status + ", and " + stored + " became " + now);
        stored = now;
      }
    }
  }

  private void fault(Operation operation, String what, String fault) {
    faults.add(operation + " " + what + ": " + cut(fault));
  }

  private static String cut(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  private void untilAnswered() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() ->
            database.read(tx ->
                tx.createQuery("select count(*) from turn where status in ('pending', 'running')")
                        .mapTo(Long.class)
                        .one()
                    == 0));
  }

  /**
   * How many rows each table has, and which transaction wrote the newest of them; without
   * conversations that are closed soon, since that comes at any time.
   */
  private String fingerprint() {
    return database.read(tx ->
        tx.createQuery(
                """
                with lasting as (
                  select id as agent_id from agent where coalesce(idle_time_seconds, 600) > 300
                )
                select string_agg(line, ' ') from (
                  select 'agent ' || count(*) || '/' || max(xmin::text::bigint) as line from agent
                  union all select 'key ' || count(*) from api_key
                  union all select 'user ' || count(*) || '/' || max(xmin::text::bigint) from conversation_user
                  union all select 'conversation ' || count(*) || '/' || max(conversation.xmin::text::bigint) from conversation join lasting using (agent_id)
                  union all select 'activity ' || count(*) || '/' || max(conversation_activity.xmin::text::bigint) from conversation_activity join lasting using (agent_id)
                  union all select 'message ' || count(*) || '/' || max(xmin::text::bigint) from message
                  union all select 'turn ' || count(*) || '/' || max(xmin::text::bigint) from turn
                  union all select 'feedback ' || count(*) || '/' || max(xmin::text::bigint) from feedback
                  union all select 'delivery ' || count(*) || '/' || coalesce(max(created_at)::text, '') from delivery
                  union all select 'organization ' || count(*) from organization
                  union all select 'state ' || count(*) from conversation_state
                  union all select 'person ' || count(*) from platform_user
                  union all select 'role ' || count(*) from agent_role
                  union all select 'document ' || count(*) from document) as lines
                """)
            .mapTo(String.class)
            .one());
  }

  @Test
  void everyParameterOfEveryQueryTakesWhateverIsSent() {
    var world = World.inDemo(database);
    for (var operation : ApiDocument.served().operations()) {
      for (var parameter : operation.queryParameters()) {
        stored = fingerprint();
        for (var value : PARAMETERS) {
          var query = "?" + parameter + "=" + value;
          try {
            check(
                operation,
                World.send(
                    world.api(operation),
                    operation,
                    world.path(operation) + query,
                    world.body(operation)),
                query);
          } catch (AssertionError e) {
            fault(operation, query, e.getMessage());
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void anEmptyStringInAnOptionalFieldMeansAbsent() {
    for (var operation : ApiDocument.served().operations()) {
      if (!operation.hasBody() || operation.path().startsWith("/admin/")) {
        continue;
      }
      var world = World.inDemo(database);
      var schema =
          operation.node().at("/requestBody/content/application~1json/schema/$ref").asText();
      var required =
          ApiDocument.served().json().at(schema.substring(1)).path("required").toString();
      for (var field : ApiDocument.served().bodyFields(operation).properties()) {
        var name = field.getKey();
        var present = world.body(operation).has(name);
        if (required.contains("\"" + name + "\"") || present) {
          continue;
        }
        var answer =
            World.send(
                world.api(operation),
                operation,
                world.path(operation),
                world.body(operation).put(name, ""));
        if (answer.statusCode() >= 300) {
          faults.add(operation + " " + name + ": " + answer.asString());
        }
        untilAnswered();
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void aFieldOfTheWrongTypeIsNamed() {
    for (var operation : ApiDocument.served().operations()) {
      if (!operation.hasBody()) {
        continue;
      }
      var world = World.inDemo(database);
      for (var field : ApiDocument.served().bodyFields(operation).properties()) {
        var name = field.getKey();
        // A value that no other type takes.
        var wrong =
            ApiDocument.served().type(field.getValue()).equals("object") ? "7" : "{\"a\":{}}";
        var body = world.body(operation);
        body.putRawValue(name, new RawValue(wrong));
        var answer =
            World.send(world.api(operation), operation, world.path(operation), body.toString());
        if (answer.statusCode() != 400
            || !answer.path("details.field").equals(List.of(name))
            || !answer
                .<List<String>>path("details.message")
                .getFirst()
                .matches("must be (a|an|one of|true or) .*")) {
          faults.add(operation + " " + name + ": " + answer.asString());
        }
      }
    }
    assertThat(faults).isEmpty();
  }
}

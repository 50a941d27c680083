package dev.colloquy.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.apikey.KeyKind;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ApiDocument;
import dev.colloquy.testing.ApiDocument.Operation;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every operation that is served, with every key that must not open it and every id it must not
 * know.
 */
@ServerTest
class OperationsTest {
  private static final String FORBIDDEN =
      "{\"status\":403,\"name\":\"FORBIDDEN_ERROR\",\"message\":\"INVALID_CREDENTIALS\",\"details\":[]}";
  private static final String NOT_FOUND =
      "{\"status\":404,\"name\":\"ENTITY_NOT_FOUND_ERROR\",\"message\":\"ENTITY_NOT_FOUND\",\"details\":[]}";

  @Inject Database database;
  @Inject ApiKeys keys;

  private World own;
  private World neighbour;
  private World stranger;

  @BeforeEach
  void make() {
    own = World.inDemo(database);
    neighbour = World.inDemo(database);
    stranger = World.elsewhere(database, keys);
  }

  private static List<Operation> operations() {
    var operations = ApiDocument.served().operations();
    assertThat(operations).hasSizeGreaterThan(20);
    return operations;
  }

  @Test
  void withTheRightKeyEachExampleIsDone() {
    var faults = new ArrayList<String>();
    for (var operation : operations()) {
      if (operation.id().equals("searchUser")) {
        continue;
      }
      // One of its own each, since some of them delete.
      var world = World.inDemo(database);
      var answer =
          World.send(world.api(operation), operation, world.path(operation), world.body(operation));
      if (answer.statusCode() >= 300 && !operation.path().startsWith("/admin/keys/")) {
        faults.add(operation + ": " + answer.statusCode() + " " + answer.asString());
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void withoutAKeyNothingIsDone() {
    expect(FORBIDDEN, 403, operation -> ask(Api.with("X-No-Key", "none"), operation));
  }

  @Test
  void withAWrongKeyNothingIsDone() {
    for (var wrong : List.of("cq_agent_nobody-has-this", "short", "k".repeat(5_000), "'or 1=1--")) {
      expect(FORBIDDEN, 403, operation -> ask(Api.with(operation.keyHeader(), wrong), operation));
    }
  }

  @Test
  void theRightKeyInAnotherHeaderOpensNothing() {
    for (var kind : KeyKind.values()) {
      expect(
          FORBIDDEN,
          403,
          operation ->
              kind.header().equals(operation.keyHeader())
                  ? null
                  : ask(Api.with(kind.header(), own.api(operation).key()), operation));
    }
  }

  @Test
  void aKeyOfAnotherKindOpensNothing() {
    for (var other : List.of(own.agentApi, own.organizationApi, Api.superAdmin())) {
      expect(
          FORBIDDEN,
          403,
          operation ->
              own.api(operation).key().equals(other.key())
                  ? null
                  : ask(Api.with(operation.keyHeader(), other.key()), operation));
    }
  }

  @Test
  void aRevokedKeyOpensNothing() {
    expect(
        FORBIDDEN,
        403,
        operation -> {
          var key = issue(operation, null);
          assertThat(keys.revoke(null, key.key().id())).isTrue();
          return ask(Api.with(operation.keyHeader(), key.secret().text()), operation);
        });
  }

  @Test
  void anExpiredKeyOpensNothing() {
    expect(
        FORBIDDEN,
        403,
        operation -> {
          var key = issue(operation, Instant.now().minusSeconds(1));
          return ask(Api.with(operation.keyHeader(), key.secret().text()), operation);
        });
  }

  private ApiKeys.Issued issue(Operation operation, Instant expiresAt) {
    KeyOwner owner =
        switch (operation.keyHeader()) {
          case KeyKind.AGENT_HEADER -> own.owner;
          case KeyKind.ORGANIZATION_HEADER -> new KeyOwner.OfOrganization(own.owner.organization());
          default -> new KeyOwner.OfInstallation();
        };
    return database.inTransaction(tx -> keys.issue(tx, owner, "test", expiresAt));
  }

  @Test
  void whatIsAnotherAgentsDoesNotExist() {
    expect(
        NOT_FOUND,
        404,
        operation ->
            operation.path().startsWith("/external/conversations/{id}")
                ? ask(neighbour, operation, own.path(operation))
                : null);
  }

  @Test
  void whatIsAnotherOrganizationsDoesNotExist() {
    expect(
        NOT_FOUND,
        404,
        operation ->
            operation.path().contains("{") && !isAdmin(operation)
                ? ask(stranger, operation, own.path(operation))
                : null);
  }

  @Test
  void anIdThatNamesNothingOrIsNoIdIsNotFound() {
    for (var id :
        List.of(
            UUID.randomUUID().toString(),
            "abc",
            "1",
            "%00",
            "a".repeat(2_000),
            "%F0%9F%92%A9",
            "..%2f..",
            "00000000-0000-0000-0000-00000000000g")) {
      expect(
          NOT_FOUND,
          404,
          operation ->
              operation.path().contains("{")
                  ? ask(
                      own,
                      operation,
                      operation.path().contains("{questionMessageId}")
                          ? own.path(operation)
                              .replaceFirst("messages/[^/]*/", "messages/" + id + "/")
                          : operation
                              .path()
                              .replace("{keyId}", id)
                              .replace("{skill}", id)
                              .replace("{fileId}", id)
                              .replace("{id}", id))
                  : null);
    }
  }

  @Test
  void aBodyThatNamesWhatIsNotTheCallersIsNotFound() {
    var faults = new ArrayList<String>();
    for (var operation : operations()) {
      if (!operation.hasBody() || isAdmin(operation)) {
        continue;
      }
      for (var field : ApiDocument.served().bodyFields(operation).properties()) {
        var name = field.getKey();
        // What starts so names things of the caller's own, or of a provider's.
        if (!name.endsWith("Id") || name.startsWith("fk") || name.startsWith("vApi")) {
          continue;
        }
        var foreign = stranger.named(operation, name);
        assertThat(foreign).as("say in World what %s of %s is", name, operation).isNotNull();
        for (var id : List.of(foreign, UUID.randomUUID().toString(), "abc")) {
          var body = own.body(operation).put(name, id);
          check(
              NOT_FOUND,
              404,
              operation,
              World.send(own.api(operation), operation, own.path(operation), body),
              faults);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void aUserIsNotFoundByAnotherOrganizationsSearch() {
    var user = own.agentApi.get(own.path(operation("getUser")));
    var search = "/external/users/search?fkId=" + user.path("fkId");
    own.agentApi.get(search).then().statusCode(200);
    neighbour.agentApi.get(search).then().statusCode(200);
    var answer = stranger.agentApi.get(search);
    assertThat(answer.asString()).isEqualTo(NOT_FOUND);
  }

  private static Operation operation(String id) {
    return operations().stream().filter(o -> o.id().equals(id)).findFirst().orElseThrow();
  }

  private static boolean isAdmin(Operation operation) {
    return operation.keyHeader().equals(KeyKind.SUPER_ADMIN_HEADER);
  }

  private Response ask(Api caller, Operation operation) {
    return World.send(caller, operation, own.path(operation), own.body(operation));
  }

  private static Response ask(World caller, Operation operation, String path) {
    ObjectNode body = caller.body(operation);
    return World.send(caller.api(operation), operation, path, body);
  }

  /** Null from the asker: not one for this operation. */
  private static void expect(String body, int status, Function<Operation, Response> asker) {
    var faults = new ArrayList<String>();
    var asked = 0;
    for (var operation : operations()) {
      var answer = asker.apply(operation);
      if (answer != null) {
        asked++;
        check(body, status, operation, answer, faults);
      }
    }
    assertThat(faults).isEmpty();
    assertThat(asked).isPositive();
  }

  private static void check(
      String body, int status, Operation operation, Response answer, List<String> faults) {
    if (answer.statusCode() != status || !answer.asString().equals(body)) {
      faults.add(operation + ": " + answer.statusCode() + " " + answer.asString());
    }
  }
}

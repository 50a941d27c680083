package dev.colloquy.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.apikey.KeyKind;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.organization.Organizations;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ApiDocument.Operation;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** One agent with a user, conversations and all else that an operation can name. */
final class World {
  final Api organizationApi;
  final Api agentApi;
  final KeyOwner.OfAgent owner;
  private final Map<String, String> ids;
  private final String manual;
  private final String manualQuestion;
  private final String failedDelivery;
  private final String ignoredInbound;
  private final String file;

  private World(Database database, Api organizationApi, Response agent) {
    this.organizationApi = organizationApi;
    agentApi = Api.agent(agent.path("agentApiKey"));
    owner =
        new KeyOwner.OfAgent(
            AgentId.fromString(agent.path("id")),
            OrganizationId.fromString(agent.path("organizationId")));
    var user = agentApi.newUser();
    var conversation = agentApi.newConversation(user);
    var reply = agentApi.send(conversation, "When do you open?");
    reply.then().statusCode(201);
    manual = agentApi.newConversation(user);
    agentApi.put("/external/conversations/" + manual + "/mode", Map.of("mode", "manual"));
    manualQuestion = agentApi.send(manual, "Is anybody there?").path("id");
    ids =
        Map.of(
            "userId", user,
            "agentId", owner.agent().toString(),
            "conversationUserId", user,
            "conversationId", conversation,
            "conversationMessageId", reply.path("conversationMessageId"),
            "conversationStateId", agentApi.get("/external/conversations/states").path("[0].id"),
            "authorId", author(database),
            "roleId", organizationApi.get("/external/agent-roles/by-api-key").path("[0].id"));
    put("email", Map.of("email", UUID.randomUUID() + "@example.com"));
    put("sms", Map.of());
    put("voice", Map.of());
    failedDelivery = Ended.delivery(database, owner, conversation);
    ignoredInbound = Ended.inbound(database);
    file = Ended.file(database, conversation);
  }

  /** In the organization that most tests share. */
  static World inDemo(Database database) {
    return new World(database, Api.organization(), Api.createAgent(Map.of()));
  }

  /** In an organization of its own. */
  static World elsewhere(Database database, ApiKeys keys) {
    record Made(UUID role, String key) {}
    var made =
        database.inTransaction(tx -> {
          var organization = Organizations.create(tx, "Elsewhere", Instant.now());
          var owner = new KeyOwner.OfOrganization(organization.id());
          var key = keys.issue(tx, owner, "test", null);
          return new Made(organization.role(), key.secret().text());
        });
    var api = Api.organization(made.key());
    return new World(database, api, createAgent(api, made.role()));
  }

  private void put(String skill, Map<String, String> settings) {
    organizationApi
        .put("/external/agents/" + owner.agent() + "/skills/" + skill, settings)
        .then()
        .statusCode(200);
  }

  private static Response createAgent(Api api, UUID role) {
    var agent =
        api.post(
            "/external/agents",
            Map.of(
                "roleId", role.toString(),
                "name", "Agent",
                "publicName", "Ada",
                "model", "openai:stub",
                "outputJsonSchema", ""));
    agent.then().statusCode(201);
    return agent;
  }

  private String author(Database database) {
    var id = UUID.randomUUID();
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                insert into platform_user (
                  id, organization_id, email, first_name, last_name, role, created_at)
                values (:id, :organization, :email, 'Ada', 'Lovelace', 'user', now())
                """)
            .bind("id", id)
            .bind("organization", owner.organization().value())
            .bind("email", id + "@example.com")
            .execute());
    return id.toString();
  }

  /** The caller that an operation wants. */
  Api api(Operation operation) {
    var header = operation.keyHeader();
    if (header.equals(KeyKind.AGENT_HEADER)) {
      return agentApi;
    }
    return header.equals(KeyKind.ORGANIZATION_HEADER) ? organizationApi : Api.superAdmin();
  }

  /** The operation's path with ids that are this world's. */
  String path(Operation operation) {
    if (operation.id().equals("cancelTurn")) {
      return waiting(operation);
    }
    if (operation.id().equals("deleteSkill")) {
      put("sms", Map.of());
    }
    return operation
        .path()
        .replace("{skill}", "sms")
        .replace("{fileId}", file)
        .replace("{questionMessageId}", ids.get("conversationMessageId"))
        .replace("{keyId}", keyId(operation))
        .replace("{id}", id(operation));
  }

  /** The path with a question that waits for more. */
  private String waiting(Operation operation) {
    var conversation = agentApi.newConversation(ids.get("userId"));
    var question =
        agentApi.post(
            "/external/conversations/" + conversation + "/messages/async",
            Map.of("message", "And", "burstWindowMs", 60_000));
    return operation
        .path()
        .replace("{questionMessageId}", question.path("id"))
        .replace("{id}", conversation);
  }

  private String keyId(Operation operation) {
    return operation.path().contains("{keyId}")
        ? organizationApi.get("/external/agents/" + owner.agent() + "/keys").path("[0].id")
        : "";
  }

  private String id(Operation operation) {
    var path = operation.path();
    if (!path.contains("{id}")) {
      return "";
    }
    if (operation.id().equals("sendManualMessage")) {
      return manual;
    }
    if (path.startsWith("/external/users/")) {
      return ids.get("userId");
    }
    if (path.startsWith("/external/conversations/")) {
      return ids.get("conversationId");
    }
    if (path.startsWith("/external/agents/")) {
      return owner.agent().toString();
    }
    if (path.startsWith("/admin/deliveries/")) {
      return failedDelivery;
    }
    if (path.startsWith("/admin/inbound/")) {
      return ignoredInbound;
    }
    if (path.startsWith("/admin/keys/")) {
      return UUID.randomUUID().toString();
    }
    throw new AssertionError("say here what the id of " + operation + " is");
  }

  /** What a field of a body names in this world; null where it names nothing of ours. */
  String named(Operation operation, String field) {
    return operation.id().equals("sendManualMessage") && field.equals("conversationMessageId")
        ? manualQuestion
        : ids.get(field);
  }

  /** The operation's example, naming this world's things, and nobody twice; null without a body. */
  ObjectNode body(Operation operation) {
    if (!operation.hasBody()) {
      return null;
    }
    var body = operation.example();
    for (var name : java.util.List.copyOf(body.properties())) {
      var ours = named(operation, name.getKey());
      if (ours != null) {
        body.put(name.getKey(), ours);
      }
    }
    if (body.has("email")) {
      body.put("email", UUID.randomUUID() + "@example.com");
    }
    if (operation.id().equals("setSmsSkill")) {
      body.put("phoneNumber", Unique.phone());
    }
    if (body.has("fkId")) {
      body.put("fkId", UUID.randomUUID().toString());
    }
    return body;
  }

  /** Sends the operation's request. */
  static Response send(Api caller, Operation operation, String path, ObjectNode body) {
    return send(caller, operation, path, body == null ? null : body.toString());
  }

  static Response send(Api caller, Operation operation, String path, String body) {
    var request = caller.request().urlEncodingEnabled(false);
    if (body != null) {
      request
          .contentType("application/json")
          .body(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return request.request(operation.method(), path);
  }
}

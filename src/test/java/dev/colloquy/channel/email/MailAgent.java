package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Unique;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An agent of the server under test that sends mails.
 *
 * @param address what it writes from
 */
record MailAgent(Api api, String id, String address) {
  /** A new one, whose mails go to the server on this port of 127.0.0.1. */
  static MailAgent at(int port) {
    return at(port, Map.of());
  }

  static MailAgent at(int port, Map<String, ?> settings) {
    var created = Api.createAgent(Map.of());
    var agent =
        new MailAgent(
            Api.agent(created.jsonPath().getString("agentApiKey")),
            created.jsonPath().getString("id"),
            "ada." + Unique.word().substring(0, 8) + "@example.com");
    agent.set(port, settings);
    return agent;
  }

  /** Sets its e-mail skill. */
  void set(int port, Map<String, ?> settings) {
    var skill = new HashMap<String, Object>();
    skill.put("email", address);
    skill.put("smtp", Map.of("host", "127.0.0.1", "port", port, "security", "none"));
    skill.putAll(settings);
    Api.organization()
        .put("/external/agents/" + id + "/skills/email", skill)
        .then()
        .statusCode(200);
  }

  /** Begins a conversation; its id. */
  String start(String recipient, String introduction) {
    var answer =
        api.post(
            "/external/conversations/start",
            Map.of(
                "firstName",
                "Grace",
                "lastName",
                "Hopper",
                "channel",
                "email",
                "email",
                recipient,
                "emailSubject",
                "Your order",
                "emailIntroduction",
                introduction));
    answer.then().statusCode(201);
    return answer.path("conversationId");
  }

  /** What became of the conversation's messages, oldest first. */
  List<String> statuses(String conversation) {
    return api.get("/external/conversations/" + conversation + "/messages")
        .jsonPath()
        .getList("messages.delivery.status");
  }

  /** The conversation's deliveries, oldest first. */
  static List<Map<String, Object>> deliveries(String conversation) {
    return Api.superAdmin()
        .get("/admin/deliveries?conversationId=" + conversation)
        .jsonPath()
        .<Map<String, Object>>getList("data")
        .reversed();
  }

  KeyOwner.OfAgent owner() {
    var organization =
        api.get("/external/agents/by-api-key").jsonPath().getString("organizationId");
    return new KeyOwner.OfAgent(
        new AgentId(UUID.fromString(id)), new OrganizationId(UUID.fromString(organization)));
  }
}

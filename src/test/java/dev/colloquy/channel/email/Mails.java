package dev.colloquy.channel.email;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerKeys;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An agent with an address of its own, who is written to. */
final class Mails {
  private final Database database;
  final String agentId;
  final String address = "a" + UUID.randomUUID().toString().substring(24) + "@example.org";
  final Api api;

  Mails(Database database, String model) {
    this.database = database;
    var created = Api.createAgent(Map.of("model", "openai:" + model));
    agentId = created.path("id");
    api = Api.agent(created.path("agentApiKey"));
    set(Map.of());
  }

  /** Sets the agent's e-mail, with these fields besides its address. */
  void set(Map<String, ?> fields) {
    var body = new HashMap<String, Object>(fields);
    body.put("email", address);
    Api.organization()
        .put("/external/agents/" + agentId + "/skills/email", body)
        .then()
        .statusCode(200);
  }

  /** A mail to the agent. */
  Draft from(String sender) {
    return new Draft(
        sender, address, "Your order", "<" + Unique.word() + "@example.com>", "", "Hello.");
  }

  /** A mail that can be changed before it is sent. */
  record Draft(String from, String to, String subject, String id, String headers, String body) {
    Draft to(String other) {
      return new Draft(from, other, subject, id, headers, body);
    }

    Draft subject(String other) {
      return new Draft(from, to, other, id, headers, body);
    }

    Draft body(String other) {
      return new Draft(from, to, subject, id, headers, other);
    }

    Draft id(String other) {
      return new Draft(from, to, subject, other, headers, body);
    }

    Draft header(String name, String value) {
      return new Draft(from, to, subject, id, headers + name + ": " + value + "\r\n", body);
    }

    byte[] raw() {
      return "From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: %s\r\n%s%s%s\r\n"
          .formatted(
              from, to, subject, id, headers, headers.contains("Content-Type") ? "" : "\r\n", body)
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Posts what came in with the agent's key. */
  Response post(byte[] raw) {
    return api.request().contentType("message/rfc822").body(raw).post(EmailInboundResource.PATH);
  }

  /** Posts what came in for whichever agent. */
  static Response postForAll(byte[] raw) {
    return given()
        .header("Super-Admin-Secret-Key", ServerKeys.SUPER_ADMIN)
        .contentType("message/rfc822")
        .body(raw)
        .post(AnyEmailInboundResource.PATH);
  }

  /** Sends the mail and waits for what becomes of it. */
  Event send(Draft draft) {
    return outcome(post(draft.raw()).then().statusCode(202).extract().path("id"));
  }

  /** What became of something that came in. */
  record Event(String status, String outcome, UUID conversation, UUID message, UUID agent) {}

  Event outcome(String id) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> event(id), event -> !event.status().equals("received"));
  }

  Event event(String id) {
    return database.read(tx ->
        tx.createQuery(
                "select status, outcome, conversation_id, message_id, agent_id from inbound"
                    + " where id = :id")
            .bind("id", UUID.fromString(id))
            .map((row, _) ->
                new Event(
                    row.getString(1),
                    row.getString(2),
                    row.getObject(3, UUID.class),
                    row.getObject(4, UUID.class),
                    row.getObject(5, UUID.class)))
            .one());
  }

  /** A mail that the agent wrote. */
  record Sent(
      String id,
      String conversation,
      String kind,
      String recipient,
      String sender,
      String subject,
      String body,
      String status,
      String reason) {
    String messageId() {
      return "<" + id + "@" + sender.substring(sender.indexOf('@') + 1) + ">";
    }
  }

  /** All that the agent wrote, the oldest first. */
  List<Sent> sent() {
    return database.read(tx ->
        tx.createQuery(
                "select id, conversation_id, kind, recipient, sender, subject, body, status, reason"
                    + " from delivery where agent_id = :agent order by id")
            .bind("agent", UUID.fromString(agentId))
            .map((row, _) ->
                new Sent(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getString(9)))
            .list());
  }

  /** Waits until the agent has written so many mails, and gives the newest. */
  Sent awaitSent(int count) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(this::sent, sent -> sent.size() == count)
        .getLast();
  }

  /** Begins a conversation by e-mail. */
  Sent start(String recipient) {
    api.post(
            "/external/conversations/start",
            Map.of(
                "channel", "email",
                "email", recipient,
                "firstName", "Grace",
                "lastName", "Hopper",
                "emailSubject", "Your order",
                "emailIntroduction", "Your order was sent."))
        .then()
        .statusCode(201);
    return sent().getLast();
  }
}

package dev.colloquy.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ServerTest
class DeliveryResourceTest {
  @Inject Database database;
  private Api agent;
  private String agentId;

  @BeforeEach
  void makeAgent() {
    var made = Api.createAgent(Map.of());
    agentId = made.path("id");
    agent = Api.agent(made.path("agentApiKey"));
  }

  private String text() {
    return agent
        .post(
            "/external/conversations/start",
            Map.of(
                "firstName", "Grace",
                "lastName", "Hopper",
                "channel", "sms",
                "phoneNumber", Unique.phone(),
                "smsIntroduction", "Hello."))
        .then()
        .statusCode(201)
        .extract()
        .path("conversationId");
  }

  private static Response list(String query) {
    return Api.superAdmin().get("/admin/deliveries?" + query);
  }

  private String only(String conversation) {
    return list("conversationId=" + conversation).path("data[0].id");
  }

  private void become(String id, String status) {
    database.useTransaction(tx ->
        tx.createUpdate("update delivery set status = :status, provider = 'gone' where id = :id")
            .bind("status", status)
            .bind("id", UUID.fromString(id))
            .execute());
  }

  @Test
  void theListIsNarrowedByWhatIsAsked() {
    var first = text();
    var second = text();
    list("conversationId=" + first)
        .then()
        .statusCode(200)
        .body("data", hasSize(1))
        .body("data[0].status", equalTo("captured"))
        .body("data[0].kind", equalTo("start"))
        .body("data[0].agentId", equalTo(agentId));
    list("agentId=" + agentId + "&status=captured&channel=sms")
        .then()
        .body("data.conversationId", equalTo(List.of(second, first)))
        .body("data.status", everyItem(equalTo("captured")));
    list("agentId=" + agentId + "&channel=email").then().body("data", hasSize(0));
    list("agentId=abc").then().statusCode(200).body("data", hasSize(0));
    list("status=lost").then().statusCode(400).body("details[0].field", equalTo("status"));
  }

  @Test
  void theListIsReadByCursor() {
    var made = List.of(text(), text(), text());
    var page = list("agentId=" + agentId + "&pageSize=2");
    page.then().body("data", hasSize(2)).body("totalItems", equalTo(3));
    list("agentId=" + agentId + "&pageSize=2&cursor=" + page.path("nextCursor"))
        .then()
        .body("data.conversationId", equalTo(List.of(made.getFirst())));
  }

  @Test
  void whatFailedIsSentAgainWhenSomebodySaysSo() {
    var conversation = text();
    var id = only(conversation);
    become(id, "failed");
    Api.superAdmin()
        .post("/admin/deliveries/" + id + "/retry", "")
        .then()
        .statusCode(200)
        .body("status", equalTo("queued"));
    // Its provider is gone, which is found out only by trying.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            "no_provider".equals(list("conversationId=" + conversation).path("data[0].reason")));
    var told =
        agent
            .get("/external/conversations/" + conversation + "/events")
            .<List<String>>path("data.type");
    assertThat(told).contains("delivery.updated");
  }

  @Test
  void whatWasSentOrCapturedIsNotSentAgain() {
    var id = only(text());
    var retry = "/admin/deliveries/" + id + "/retry";
    Api.superAdmin().post(retry, "").then().statusCode(409);
    become(id, "sent");
    Api.superAdmin().post(retry, "").then().statusCode(409);
    Api.superAdmin()
        .post("/admin/deliveries/" + UUID.randomUUID() + "/retry", "")
        .then()
        .statusCode(404);
  }
}

package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ServerTest
class UnsubscribeResourceTest {
  @Inject Unsubscribe unsubscribe;

  private MailAgent agent;
  private String address;

  @BeforeEach
  void makeAgent() {
    agent = MailAgent.at(9);
    address = Unique.email();
  }

  private String url(String recipient) {
    var plain = Letters.outgoing(DeliveryKind.START, recipient, "Hi", "Hello.");
    return unsubscribe.url(
        new Outgoing(
            plain.id(),
            agent.owner(),
            plain.conversation(),
            plain.message(),
            plain.kind(),
            plain.channel(),
            recipient,
            agent.address(),
            "Hi",
            "Hello.",
            null,
            "smtp",
            1,
            plain.createdAt()));
  }

  private static Response ledger(String of) {
    return Api.superAdmin().get("/admin/consents?address=" + of);
  }

  @Test
  void lookingChangesNothing() {
    Unsubscribing.look(url(address))
        .then()
        .statusCode(200)
        .contentType("text/html")
        .header("Content-Security-Policy", containsString("default-src 'none'"))
        .header("Referrer-Policy", equalTo("no-referrer"))
        .header("Cache-Control", equalTo("no-store"))
        .body(containsString(address))
        .body(containsString("<form method=\"post\">"))
        .body(not(containsString("src=")));
    ledger(address).then().body("data", hasSize(0));
  }

  @Test
  void oneClickOptsOutForTheWholeOrganizationAndOnceMoreChangesNothing() {
    var url = url(address);
    Unsubscribing.oneClick(url).then().statusCode(200).body(containsString("no more mails"));
    Unsubscribing.oneClick(url).then().statusCode(200);
    Unsubscribing.look(url).then().statusCode(200).body(not(containsString("<form")));
    ledger(address)
        .then()
        .body("data", hasSize(1))
        .body("data[0].action", equalTo("opt_out"))
        .body("data[0].channel", equalTo("email"))
        .body("data[0].agentId", equalTo(agent.id()))
        .body("data[0].keyword", equalTo("List-Unsubscribe"));
    Api.newAgent()
        .post(
            "/external/conversations/start",
            Map.of(
                "firstName", "Grace",
                "lastName", "Hopper",
                "channel", "email",
                "email", address,
                "emailSubject", "Hi",
                "emailIntroduction", "Hello."))
        .then()
        .statusCode(409);
  }

  @Test
  void theButtonAndProgramsThatSayNothingWorkToo() {
    var multipart = Unique.email();
    RestAssured.given()
        .multiPart("List-Unsubscribe", "One-Click")
        .post(Unsubscribing.path(url(multipart)))
        .then()
        .statusCode(200);
    RestAssured.given().post(Unsubscribing.path(url(address))).then().statusCode(200);
    ledger(multipart).then().body("data", hasSize(1));
    ledger(address).then().body("data", hasSize(1));
  }

  @Test
  void itWorksWhenTheAgentIsLongDeleted() {
    var url = url(address);
    Api.organization().delete("/external/agents/" + agent.id());
    Unsubscribing.oneClick(url).then().statusCode(200);
    ledger(address).then().body("data", hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "%00", "AAAA", "a.b", "%F0%9F%91%8B", "..%2f"})
  void whatThisInstallationDidNotSealIsNotFound(String token) {
    Expect.notFound(RestAssured.given().urlEncodingEnabled(false).get("/unsubscribe/" + token));
    Expect.notFound(RestAssured.given().urlEncodingEnabled(false).post("/unsubscribe/" + token));
  }

  @Test
  void aTokenThatWasChangedIsNotFound() {
    var path = Unsubscribing.path(url(address));
    var changed = path.substring(0, path.length() - 2) + (path.endsWith("AA") ? "BB" : "AA");
    Expect.notFound(RestAssured.given().post(changed));
    ledger(address).then().body("data", hasSize(0));
  }

  @Test
  void anAddressCannotCarryHtml() {
    var odd = "<img/src=x>" + address;
    assertThat(Unsubscribing.look(url(odd)).asString())
        .contains("&lt;img/src=x&gt;")
        .doesNotContain("<img");
  }
}

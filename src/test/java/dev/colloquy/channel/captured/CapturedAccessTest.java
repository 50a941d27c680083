package dev.colloquy.channel.captured;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page asks for no key: only this machine may use it, and only from the page itself. */
@ServerTest
class CapturedAccessTest extends CapturedScene {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "0.0.0.0"
      })
  void aNameThatWasMadeToPointHereIsRefused(String host) {
    given()
        .header("Host", host)
        .get(PAGE)
        .then()
        .statusCode(403)
        .body("name", equalTo("FORBIDDEN_ERROR"))
        .body("details[0].field", equalTo("Host"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"})
  void whatComesThroughAProxyIsRefused(String header) {
    given().header(header, "1.2.3.4").get(PAGE).then().statusCode(403);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "http://evil.example,-",
        "null,-",
        "http://localhost:1,-",
        "-,cross-site",
        "-,same-site",
        "-,none",
        "http://evil.example,same-origin",
        "-,-"
      })
  void aFormOnAnotherPageDoesNothing(String origin, String site) {
    var conversation = sms(Unique.phone());
    var html = html("/" + conversation);
    var request =
        given()
            .contentType("application/x-www-form-urlencoded")
            .formParam("token", field(html, "token"))
            .formParam("key", field(html, "key"))
            .formParam("channel", "sms")
            .formParam("text", "Hello");
    if (origin != null) {
      request.header("Origin", origin);
    }
    if (site != null) {
      request.header("Sec-Fetch-Site", site);
    }
    request.post(PAGE + "/" + conversation + "/answers").then().statusCode(403);
    assertThat(keptCount()).isZero();
  }

  @Test
  void aFormWithoutThePagesTokenDoesNothing() {
    var conversation = sms(Unique.phone());
    for (var token : List.of("", "0".repeat(64))) {
      given()
          .header("Origin", origin())
          .contentType("application/x-www-form-urlencoded")
          .formParam("token", token)
          .formParam("key", UUID.randomUUID().toString())
          .formParam("channel", "sms")
          .formParam("text", "Hello")
          .post(PAGE + "/" + conversation + "/answers")
          .then()
          .statusCode(403)
          .body("details[0].field", equalTo("token"));
    }
    assertThat(keptCount()).isZero();
    get("/" + conversation + "/answers").then().statusCode(405);
  }
}

package dev.colloquy.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of clients that are older or plainer than ours. */
@ServerTest
class PlainRequestTest {
  private static final String USERS = "/external/users";

  private Api agent;

  @BeforeEach
  void make() {
    agent = Api.newAgent();
  }

  /** Sends exactly this and the key, and reads until the server closes. */
  private String exchange(String line, String headers, String body) throws IOException {
    try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), RestAssured.port)) {
      socket.setSoTimeout(15_000);
      var head = line + "\r\nAgent-Secret-Key: " + agent.key() + "\r\n" + headers + "\r\n";
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aRequestOfHttp10NeedsNoHost() throws IOException {
    var user = agent.newUser();
    assertThat(exchange("GET " + USERS + "/" + user + " HTTP/1.0", "", ""))
        .startsWith("HTTP/1.0 200 ")
        .contains("X-Request-Id: ", user);
    assertThat(exchange("GET " + USERS + "/search?fkId=%41 HTTP/1.0", "", ""))
        .startsWith("HTTP/1.0 404 ");
    var body =
        "{\"firstName\":\"Grace\",\"lastName\":\"Hopper\",\"fkId\":\"" + UUID.randomUUID() + "\"}";
    var headers =
        "Content-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: "
            + body.length()
            + "\r\n";
    var first = exchange("POST " + USERS + " HTTP/1.0", headers, body);
    assertThat(first).startsWith("HTTP/1.0 201 ");
    var again = exchange("POST " + USERS + " HTTP/1.0", headers, body);
    assertThat(again.substring(again.indexOf('{'))).isEqualTo(first.substring(first.indexOf('{')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "text/html, image/gif, *; q=.2, */*; q=.2",
        "text/html, image/gif, image/jpeg, *;q=0.2",
        "text/plain,*"
      })
  void aStarAloneAcceptsEverything(String accept) {
    agent
        .request()
        .header("Accept", accept)
        .get("/external/agents/by-api-key")
        .then()
        .statusCode(200);
    agent.request().header("Accept", accept).get(USERS + "/none").then().statusCode(404);
  }

  @Test
  void whatIsNoStarStaysAsItIs() {
    for (var accept : List.of("text/*", "image/*, text/html")) {
      agent
          .request()
          .header("Accept", accept)
          .get("/external/agents/by-api-key")
          .then()
          .statusCode(406);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host: a b\r\n", "Host: a|b\r\n", "Host: [::1\r\n", "Host: a:b\r\n", ""})
  void aHostThatIsNoneIsBad(String host) throws IOException {
    assertThat(
            exchange(
                "GET " + USERS + "/x HTTP/1.1",
                host + "X-Request-Id: r-1\r\nConnection: close\r\n",
                ""))
        .startsWith("HTTP/1.1 400 ")
        .containsIgnoringCase("X-Request-Id: r-1\r\n")
        .endsWith(
            "{\"status\":400,\"name\":\"BAD_REQUEST\",\"message\":\"INVALID_REQUEST\",\"details\":["
                + "{\"field\":\"Host\",\"message\":\"must be a host and perhaps a port\"}]}");
  }
}

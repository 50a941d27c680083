package dev.colloquy.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
}

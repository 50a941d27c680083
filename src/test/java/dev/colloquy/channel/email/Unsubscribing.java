package dev.colloquy.channel.email;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URI;

/**
 * What mail programs and browsers do at the address that a mail names, on the server under test.
 */
final class Unsubscribing {
  private Unsubscribing() {}

  /** RFC 8058, section 3.2. */
  static Response oneClick(String url) {
    return RestAssured.given()
        .contentType("application/x-www-form-urlencoded")
        .body("List-Unsubscribe=One-Click")
        .post(path(url));
  }

  static Response look(String url) {
    return RestAssured.given().get(path(url));
  }

  static String path(String url) {
    return URI.create(url).getRawPath();
  }
}

package dev.colloquy.testing;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.restassured.response.Response;
import java.util.Map;

/** The errors that most tests meet, each with its whole body. */
public final class Expect {
  private Expect() {}

  /** A 400 that names the field. */
  public static void badField(Response response, String field) {
    response
        .then()
        .statusCode(400)
        .body("status", equalTo(400))
        .body("name", equalTo("BAD_REQUEST"))
        .body("message", equalTo("INVALID_REQUEST"))
        .body("details.field", hasItem(field));
  }

  /** The 404 of what does not exist or is not the caller's. */
  public static void notFound(Response response) {
    response
        .then()
        .statusCode(404)
        .body(
            "",
            equalTo(
                Map.of(
                    "status",
                    404,
                    "name",
                    "ENTITY_NOT_FOUND_ERROR",
                    "message",
                    "ENTITY_NOT_FOUND",
                    "details",
                    java.util.List.of())));
  }

  /** A 204 without a body. */
  public static void gone(Response response) {
    response.then().statusCode(204).body(is(equalTo("")));
  }
}

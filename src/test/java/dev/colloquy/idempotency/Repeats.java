package dev.colloquy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.UUID;

/** Sends requests with an Idempotency-Key, and looks at what comes back. */
final class Repeats {
  private Repeats() {}

  static String key() {
    return UUID.randomUUID().toString();
  }

  static Response post(Api api, String key, String path, Object body) {
    return api.request()
        .header(Idempotency.HEADER, key)
        .contentType(ContentType.JSON)
        .body(body)
        .post(path);
  }

  static Response put(Api api, String key, String path, Object body) {
    return api.request()
        .header(Idempotency.HEADER, key)
        .contentType(ContentType.JSON)
        .body(body)
        .put(path);
  }

  static Response delete(Api api, String key, String path) {
    return api.request().header(Idempotency.HEADER, key).delete(path);
  }

  /** The second is the first one's answer, byte by byte, and says so. */
  static void isReplayOf(Response first, Response second) {
    assertThat(first.header(Idempotency.REPLAYED)).isNull();
    assertThat(second.header(Idempotency.REPLAYED)).isEqualTo("true");
    assertThat(second.statusCode()).isEqualTo(first.statusCode());
    assertThat(second.asString()).isEqualTo(first.asString());
    assertThat(second.contentType()).isEqualTo(first.contentType());
  }

  /** It was done, and not answered from what is stored. */
  static Response done(Response answer, int status) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
    assertThat(answer.header(Idempotency.REPLAYED)).isNull();
    return answer;
  }
}

package dev.colloquy.platform.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as the API reads and writes them. */
@ServerTest
class JsonTimesTest {
  private String keys;

  @BeforeEach
  void makeAgent() {
    keys = "/external/agents/" + Api.createAgent(Map.of()).jsonPath().getString("id") + "/keys";
  }

  private Response create(String expiresAt) {
    return Api.organization()
        .request()
        .header("Idempotency-Key", UUID.nameUUIDFromBytes(expiresAt.getBytes(UTF_8)))
        .contentType(ContentType.JSON)
        .body("{\"name\":\"Shop\",\"expiresAt\":" + expiresAt + "}")
        .post(keys);
  }

  @ParameterizedTest
  @CsvSource({
    "2030-01-01T00:00:00Z, 2030-01-01T00:00:00.000Z",
    "2030-01-01T00:00Z, 2030-01-01T00:00:00.000Z",
    "2030-01-01T00:00:00.120Z, 2030-01-01T00:00:00.120Z",
    "2030-01-01T00:00:00.123456+05:30, 2029-12-31T18:30:00.123Z"
  })
  void everyAnswerHasMilliseconds(String sent, String shown) {
    var first = create("\"" + sent + "\"");
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(first.jsonPath().getString("expiresAt")).isEqualTo(shown);
    // The second one is what was stored of the first.
    assertThat(create("\"" + sent + "\"").asString()).isEqualTo(first.asString());
    assertThat(Api.organization().get(keys).jsonPath().getList("expiresAt")).contains(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1999999999", "1999999999.5", "true", "[1999999999]", "{}"})
  void anythingButTextIsRefused(String expiresAt) {
    refused(expiresAt);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1999999999", "soon", "2030-01-01", "2030-01-01T00:00:00"})
  void textThatIsNoTimeIsRefused(String expiresAt) {
    refused("\"" + expiresAt + "\"");
  }

  private void refused(String expiresAt) {
    var answer = create(expiresAt);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
    assertThat(answer.jsonPath().getString("details[0].field")).isEqualTo("expiresAt");
    assertThat(answer.jsonPath().getString("details[0].message"))
        .isEqualTo("must be a date and time in ISO 8601, for example 2026-01-31T09:30:00.000Z");
  }

  private record Said(Instant createdAt) {}

  @ParameterizedTest
  @CsvSource({
    "2030-01-01T00:00:00Z, 2030-01-01T00:00:00.000Z",
    "2030-01-01T00:00:00.123456Z, 2030-01-01T00:00:00.123Z"
  })
  void eventsHaveMilliseconds(String time, String shown) {
    assertThat(JsonColumn.ofAnswer(new Said(Instant.parse(time))))
        .isEqualTo("{\"createdAt\":\"" + shown + "\"}");
  }

  @Test
  void anEmptyTimeIsAbsent() {
    var answer = create("\"\"");
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.jsonPath().<Object>get("expiresAt")).isNull();
  }
}

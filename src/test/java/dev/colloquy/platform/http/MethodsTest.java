package dev.colloquy.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be done with a path, and what it wants to be sent. */
@ServerTest
class MethodsTest {
  private static final String ID = UUID.randomUUID().toString();

  private Api agent;

  @BeforeEach
  void make() {
    agent = Api.newAgent();
  }

  @ParameterizedTest
  @CsvSource({
    "/external/users, 'OPTIONS, POST'",
    "/external/users/search, 'DELETE, GET, HEAD, OPTIONS'",
    "/external/users/{id}, 'DELETE, GET, HEAD, OPTIONS'",
    "/external/conversations, 'DELETE, GET, HEAD, OPTIONS, POST'",
    "/external/conversations/{id}, 'DELETE, GET, HEAD, OPTIONS, PUT'",
    "/external/conversations/{id}/mode, 'OPTIONS, PUT'",
    "/external/conversations/{id}/messages, 'GET, HEAD, OPTIONS, POST'",
    "/external/conversations/{id}/messages/async, 'OPTIONS, POST'",
    "/external/agents/{id}/keys, 'GET, HEAD, OPTIONS, POST'",
    "/external/agents/by-api-key, 'GET, HEAD, OPTIONS, PUT'"
  })
  void aPathSaysWhatCanBeDoneWithIt(String path, String allowed) {
    var here = path.replace("{id}", ID);
    assertThat(given().options(here).header("Allow")).isEqualTo(allowed);
    var refused = agent.request().patch(here);
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.header("Allow")).isEqualTo(allowed);
    for (var method : List.of("DELETE", "POST", "PUT")) {
      if (!allowed.contains(method)) {
        var answer = agent.request().request(method, here);
        assertThat(answer.statusCode()).as(method).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
      }
    }
  }

  @Test
  void thereIsNothingToBeDoneWithAnUnknownPath() {
    assertThat(given().options("/external/nothing").statusCode()).isEqualTo(404);
  }

  private static void detail(Response answer, int status, String field, String message) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(status);
    assertThat(answer.<List<Map<String, String>>>path("details"))
        .containsExactly(Map.of("field", field, "message", message));
  }

  @Test
  void aBodyThatIsNotThereIsAskedFor() {
    var conversation = "/external/conversations/" + agent.newConversation();
    detail(agent.request().post("/external/users"), 400, "body", "is required");
    detail(agent.request().put(conversation), 400, "body", "is required");
    detail(agent.request().put(conversation + "/mode"), 400, "body", "is required");
    detail(agent.request().post(conversation + "/messages"), 400, "body", "is required");
    detail(agent.request().delete("/external/conversations"), 400, "body", "is required");
  }

  @Test
  void whatABodyHasToBeIsSaid() {
    detail(
        agent.request().contentType("text/plain").body("{}").post("/external/users"),
        415,
        "Content-Type",
        "must be application/json");
  }
}

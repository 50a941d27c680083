package dev.colloquy.platform.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the caller is told of a body that cannot be read as it is meant. */
@ServerTest
class JsonRulesTest {
  private static final String EMOJI = "\uD83D\uDE00";

  private Api agent;

  @BeforeEach
  void make() {
    var created = Api.createAgent(Map.of()).jsonPath();
    agent = Api.agent(created.getString("agentApiKey"));
  }

  private static void refused(Response answer, String field, String message) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
    assertThat(answer.<String>path("message")).isEqualTo("INVALID_REQUEST");
    assertThat(answer.<List<Map<String, String>>>path("details"))
        .containsExactly(Map.of("field", field, "message", message));
  }

  @Test
  void lengthsCountCharactersAsTheDocumentAndTheDatabaseDo() {
    var user = agent.newUser();
    var longest = EMOJI.repeat(255);
    var created =
        agent.post("/external/conversations", Map.of("conversationUserId", user, "title", longest));
    assertThat(created.statusCode()).as(created.asString()).isEqualTo(201);
    var read = agent.get("/external/conversations/" + created.path("id"));
    assertThat(read.<String>path("title")).isEqualTo(longest);
    refused(
        agent.post(
            "/external/conversations",
            Map.of("conversationUserId", user, "title", longest + EMOJI)),
        "title",
        "must have a length from 0 to 255");
    agent
        .request()
        .queryParam("searchKeyword", longest)
        .get("/external/conversations")
        .then()
        .statusCode(200);
    refused(
        agent.request().queryParam("searchKeyword", longest + "x").get("/external/conversations"),
        "searchKeyword",
        "must be at most 255 characters long");
  }
}

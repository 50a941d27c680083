package dev.colloquy.platform.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the caller is told of a body that cannot be read as it is meant. */
@ServerTest
class JsonRulesTest {
  private static final String EMOJI = "\uD83D\uDE00";
  private static final String USERS = "/external/users";

  private Api agent;
  private String agentPath;

  @BeforeEach
  void make() {
    var created = Api.createAgent(Map.of()).jsonPath();
    agent = Api.agent(created.getString("agentApiKey"));
    agentPath = "/external/agents/" + created.getString("id");
  }

  private static void refused(Response answer, String field, String message) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
    assertThat(answer.<String>path("message")).isEqualTo("INVALID_REQUEST");
    assertThat(answer.<List<Map<String, String>>>path("details"))
        .containsExactly(Map.of("field", field, "message", message));
  }

  private Response postUser(String body) {
    return postUser(body.getBytes(StandardCharsets.UTF_8));
  }

  private Response postUser(byte[] body) {
    return agent.request().contentType(ContentType.JSON).body(body).post(USERS);
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

  @Test
  void aNumberBeyondAllRangeIsNamedByItsField() {
    var conversation = "/external/conversations/" + agent.newConversation();
    for (var number : List.of("2147483648", "-9223372036854775809", "1" + "0".repeat(60))) {
      refused(
          put(Api.organization(), agentPath, "{\"burstWindowMs\":" + number + "}"),
          "burstWindowMs",
          "must be a whole number within range");
      var mode = put(agent, conversation + "/mode", "{\"mode\":" + number + "}");
      assertThat(mode.statusCode()).isEqualTo(400);
      assertThat(mode.<String>path("details[0].field")).isEqualTo("mode");
      assertThat(mode.<String>path("details[0].message")).startsWith("must be one of ");
    }
  }

  private static Response put(Api caller, String path, String body) {
    return caller.request().contentType(ContentType.JSON).body(body).put(path);
  }

  @Test
  void aFieldThatIsThereTwiceIsNamed() {
    refused(postUser("{\"fkId\":\"a\",\"fkId\":\"b\"}"), "fkId", "is there twice");
    refused(
        postUser("{\"fkId\":\"a\",\"customData\":{\"a\":[1,{\"b\":1,\"b\":2}]}}"),
        "customData.a[1].b",
        "is there twice");
    refused(postUser("{\"unknown\":{\"a\":1,\"a\":2}}"), "unknown.a", "is there twice");
  }

  @Test
  void brokenJsonIsPointedAt() {
    refused(
        postUser("{\"fkId\":\"a\",\n \"firstName\":oops}"),
        "body",
        "is not valid JSON, see line 2, column 14");
    refused(postUser("{\"fkId\":"), "body", "is not valid JSON, see line 1, column 9");
    refused(postUser("{'fkId':1}"), "body", "is not valid JSON, see line 1, column 2");
  }

  @Test
  void textThatIsNotUtf8IsSaidToBe() {
    var body = "{\"fkId\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    body[9] = (byte) 0xE4;
    var answer = postUser(body);
    assertThat(answer.<String>path("details[0].field")).isEqualTo("body");
    assertThat(answer.<String>path("details[0].message"))
        .startsWith("is not valid UTF-8, see line 1, column 1");
  }

  @Test
  void fieldsAreNamedAsTheyAreSent() {
    for (var field : List.of("vApiAssistantId", "vApiPhoneNumberId")) {
      refused(
          Api.organization().put(agentPath + "/skills/voice", Map.of(field, "x".repeat(256))),
          field,
          "must have a length from 0 to 255");
    }
    var stored =
        Api.organization().put(agentPath + "/skills/voice", Map.of("vApiAssistantId", "a-1"));
    assertThat(stored.<String>path("vApiAssistantId")).isEqualTo("a-1");
    assertThat(Api.organization().get(agentPath + "/skills/voice").<String>path("vApiAssistantId"))
        .isEqualTo("a-1");
  }

  @Test
  void elementsAreNamedByTheirPlace() {
    var withNull = Arrays.asList("a", null);
    refused(
        Api.organization().put(agentPath, Map.of("tags", withNull)),
        "tags[1]",
        "is required and must not be blank");
    refused(
        Api.organization().put(agentPath + "/skills/email", Map.of("allowedHosts", withNull)),
        "allowedHosts[1]",
        "is required and must not be blank");
    var message = new HashMap<String, Object>(Map.of("message", "hello"));
    message.put("files", Arrays.asList((Object) null));
    refused(
        agent.post("/external/conversations/" + agent.newConversation() + "/messages", message),
        "files[0]",
        "is required");
  }
}

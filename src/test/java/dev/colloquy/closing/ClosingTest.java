package dev.colloquy.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ServerTest
class ClosingTest {
  private static final String CLOSED =
      """
      Here it is: {"title": "Opening hours", "summary": "Asked for hours; was told.", "score": 8}
      """;

  StubModelServer models;

  @AfterEach
  void forget() {
    models.reset();
  }

  @Test
  void anIdleConversationIsClosedWithTitleSummaryAndScore() {
    models.always(request -> ModelAnswer.reply(isClosing(request) ? CLOSED : "At nine."));
    var agent = Api.newAgent(Map.of("idleTimeSeconds", 1));
    var conversation = agent.newConversation();
    agent.send(conversation, "When do you open?").then().statusCode(201);
    var said = agent.get("/external/conversations/" + conversation).path("updatedAt").toString();

    var closed = awaitClosed(agent, conversation);

    // Whoever asks for what changed since then is told.
    assertThat(closed.getString("updatedAt")).isGreaterThan(said);

    assertThat(closed.getString("title")).isEqualTo("Opening hours");
    assertThat(closed.getString("summary")).isEqualTo("Asked for hours; was told.");
    assertThat(closed.getInt("score")).isEqualTo(8);
    assertThat(closed.getString("status")).isEqualTo("inactive");
  }

  @Test
  void aTitleThatSomebodyGaveStaysAndTheAgentsOwnScoringIsUsed() {
    models.always(request -> ModelAnswer.reply(isClosing(request) ? CLOSED : "At nine."));
    var agent =
        Api.newAgent(Map.of("idleTimeSeconds", 1, "scoringPrompt", "ten points for brevity"));
    var conversation = agent.newConversation();
    agent
        .put("/external/conversations/" + conversation, Map.of("title", "Mine"))
        .then()
        .statusCode(200);
    agent.send(conversation, "When?").then().statusCode(201);

    assertThat(awaitClosed(agent, conversation).getString("title")).isEqualTo("Mine");
    assertThat(models.requests())
        .anyMatch(r -> isClosing(r) && r.body().toString().contains("ten points for brevity"));
  }

  @Test
  void aConversationInWhichNobodyAnsweredScoresZeroWithoutAskingAModel() {
    var agent = Api.newAgent(Map.of("idleTimeSeconds", 1));
    var start =
        agent.post(
            "/external/conversations/start",
            Map.of(
                "channel", "sms",
                "firstName", "Grace",
                "lastName", "Hopper",
                "phoneNumber", "+1212555" + (1000 + (int) (Math.random() * 8999)),
                "smsIntroduction", "Hello from us."));
    start.then().statusCode(201);
    String conversation = start.path("conversationId");

    assertThat(awaitClosed(agent, conversation).getInt("score")).isZero();
    agent
        .get("/external/conversations/" + conversation)
        .then()
        .body("title", nullValue())
        .body("summary", nullValue());
  }

  @Test
  void theNextMessageOpensItAgainAndItIsClosedAnew() {
    models.always(request -> ModelAnswer.reply(isClosing(request) ? CLOSED : "At nine."));
    var agent = Api.newAgent(Map.of("idleTimeSeconds", 2));
    var conversation = agent.newConversation();
    agent.send(conversation, "When?").then().statusCode(201);
    awaitClosed(agent, conversation);
    models.always(request ->
        ModelAnswer.reply(isClosing(request) ? CLOSED.replace("8", "9") : "On Sundays too."));

    agent.send(conversation, "And on Sundays?").then().statusCode(201);

    agent.get("/external/conversations/" + conversation).then().body("status", equalTo("active"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(() ->
            agent.get("/external/conversations/" + conversation).jsonPath().getInt("score") == 9);
  }

  @Test
  void aModelThatWritesNoSuchObjectIsAnErrorAndNotAScore() {
    var summarizer =
        new Summarizer(null, null, null, new com.fasterxml.jackson.databind.ObjectMapper(), null);

    for (var reply :
        new String[] {
          "", "fine", "{}", "{\"title\":\"\",\"summary\":\"s\",\"score\":3}", "{\"a\""
        }) {
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> summarizer.read(reply))
          .hasMessageContaining("no JSON object");
    }
  }

  private static JsonPath awaitClosed(Api agent, String conversation) {
    var path = "/external/conversations/" + conversation;
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> agent.get(path).jsonPath().get("score") != null);
    return agent.get(path).jsonPath();
  }

  private static boolean isClosing(StubModelServer.Request request) {
    return request.body().toString().contains("You file conversations");
  }
}

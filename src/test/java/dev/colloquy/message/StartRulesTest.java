package dev.colloquy.message;

import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is written to by a start, and who may start. */
@ServerTest
class StartRulesTest {
  private static final String CONVERSATIONS = "/external/conversations";

  private static Map<String, Object> sms(Map<String, ?> contacts) {
    var body = new HashMap<String, Object>(contacts);
    body.putAll(
        Map.of(
            "channel",
            "sms",
            "firstName",
            "A",
            "lastName",
            "B",
            "smsIntroduction",
            "It was sent."));
    return body;
  }

  @Test
  void anEmailGoesBeforeAPhoneNumberThoughItsUserHasAnFkId() {
    var agent = Api.newAgent();
    var email = Unique.email();
    var phone = Unique.phone();
    var byEmail = agent.newUser(Map.of("email", email, "fkId", Unique.word()));
    agent.newUser(Map.of("phoneNumber", phone));

    var started =
        agent.post(CONVERSATIONS + "/start", sms(Map.of("phoneNumber", phone, "email", email)));

    agent
        .get(CONVERSATIONS + "/" + started.path("conversationId"))
        .then()
        .body("conversationUserId", equalTo(byEmail));
  }

  @Test
  void anInactiveAgentBeginsNothing() {
    var created = Api.createAgent(Map.of()).jsonPath();
    var agent = Api.agent(created.getString("agentApiKey"));
    Api.organization()
        .put("/external/agents/" + created.getString("id"), Map.of("status", "inactive"))
        .then()
        .statusCode(200);

    agent
        .post(CONVERSATIONS + "/start", sms(Map.of("phoneNumber", Unique.phone())))
        .then()
        .statusCode(409)
        .body("details[0].field", equalTo("agent"));

    agent.get(CONVERSATIONS).then().body("data.size()", equalTo(0));
  }
}

package dev.colloquy.turn;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many turns may be in flight, and that a place is free again however a turn ends. */
@ServerTest
class TurnLimitTest {
  @Inject Database database;
  @Inject Admission admission;
  StubModelServer stub;

  @AfterEach
  void reset() {
    stub.reset();
  }

  @Test
  void oneMoreThanTheAgentTakesIsRefusedAndNothingIsStored() {
    var scene = new Scene(database);
    Api.organization()
        .put("/external/agents/" + scene.agentId(), Map.of("turnsInFlight", 2))
        .then()
        .statusCode(200);
    var conversations = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      conversations.add(scene.agent().newConversation());
    }
    scene.agent().send(conversations.get(3), "learn").then().statusCode(201);
    for (var end : List.of("ended", "failed", "taken over", "deleted")) {
      fillUp(scene, conversations, end);
    }
  }

  private void fillUp(Scene scene, List<String> conversations, String end) {
    var release = new CountDownLatch(1);
    scene.answers(
        stub,
        _ -> {
          if (end.equals("taken over") || end.equals("deleted")) {
            return new ModelAnswer.Silence();
          }
          try {
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return end.equals("failed") ? ModelAnswer.status(400, "{}") : ModelAnswer.reply("Yes.");
        });
    var first = end.equals("ended") ? conversations.get(0) : scene.agent().newConversation();
    var second = end.equals("ended") ? conversations.get(1) : scene.agent().newConversation();
    Scene.soon().until(() -> scene.async(first, "hold").statusCode() == 201);
    Scene.soon().until(() -> scene.async(second, "hold").statusCode() == 201);
    var stored = stored(scene);

    var refused = scene.agent().send(conversations.get(3), "one more");

    refused.then().statusCode(429).body("message", equalTo("TOO_MANY_TURNS_IN_FLIGHT"));
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    scene.async(conversations.get(3), "one more").then().statusCode(429);
    assertThat(stored(scene)).as("nothing is stored").isEqualTo(stored);
    switch (end) {
      case "taken over" -> {
        scene.mode(first, "manual").then().statusCode(200);
        scene.mode(second, "manual").then().statusCode(200);
      }
      case "deleted" -> {
        scene.agent().delete("/external/conversations/" + first).then().statusCode(204);
        scene.agent().delete("/external/conversations/" + second).then().statusCode(204);
      }
      default -> release.countDown();
    }
    scene.answers(stub, _ -> ModelAnswer.reply("Yes."));
    Scene.soon()
        .alias(end)
        .until(() -> scene.agent().send(conversations.get(3), "room again").statusCode() == 201);
  }

  @Test
  void aQuestionThatIsHeldForAPersonTakesNoPlace() {
    var scene = new Scene(database, Map.of("turnsInFlight", 1));
    scene.answers(stub, _ -> ModelAnswer.reply("Yes."));
    var answered = scene.agent().newConversation();
    var held = scene.agent().newConversation();
    scene.agent().send(answered, "learn").then().statusCode(201);
    scene.mode(held, "manual").then().statusCode(200);

    for (int i = 0; i < 3; i++) {
      // The place of an answer that was just given is free a moment later.
      Scene.soon().until(() -> scene.async(held, "waits").statusCode() == 201);
      scene.agent().send(held, "waits too").then().statusCode(201);
    }

    scene.agent().send(answered, "room").then().statusCode(201);
    assertThat(scene.turns(held)).isEmpty();
  }

  private static long stored(Scene scene) {
    return scene.count(
        """
        select (select count(*) from message m join conversation c on c.id = m.conversation_id
                where c.agent_id = '%1$s' and m.role = 'conversation_user')
             + (select count(*) from turn where agent_id = '%1$s')
        """
            .formatted(scene.agentId()));
  }

  /** Replies, failures, take-overs, deletions, refusals: a thousand, mixed. */
  @Test
  void noPlaceIsLostWhateverBecomesOfTurns() throws Exception {
    var scene = new Scene(database, Map.of("turnsInFlight", 20));
    var asked = ConcurrentHashMap.<String>newKeySet();
    scene.answers(
        stub,
        request -> {
          var question = Scene.question(request);
          asked.add(question);
          return switch (question.charAt(0)) {
            case 'f' -> ModelAnswer.status(400, "{}");
            case 's' -> new ModelAnswer.Silence();
            default -> ModelAnswer.reply("Yes.");
          };
        });
    var statuses = new ConcurrentHashMap<Integer, Integer>();
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 1000; i++) {
      var number = i;
      tasks.add(() -> {
        var status = one(scene, number, asked);
        statuses.merge(status, 1, Integer::sum);
        return true;
      });
    }
    try (var senders = Executors.newFixedThreadPool(40)) {
      for (var done : senders.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    }

    assertThat(statuses.keySet()).contains(201, 429).isSubsetOf(201, 404, 429, 502);
    Scene.soon().until(() -> admission.inFlight() == 0);
    assertThat(get("/metrics").asString()).contains("colloquy_turns_in_flight 0.0");
    assertThat(
            scene.count(
                "select count(*) from turn where status in ('pending', 'running') and agent_id = '%s'"
                    .formatted(scene.agentId())))
        .isZero();
  }

  private static int one(Scene scene, int number, java.util.Set<String> asked) {
    var conversation = scene.agent().newConversation();
    return switch (new Random(number).nextInt(20)) {
      case 0 -> {
        var text = "s" + number;
        var sent = scene.async(conversation, text).statusCode();
        if (sent == 201 && number % 2 == 0) {
          Scene.soon().until(() -> asked.contains(text));
        }
        scene.mode(conversation, "manual").then().statusCode(200);
        yield sent;
      }
      case 1 -> {
        var sent = scene.async(conversation, "s" + number).statusCode();
        scene.agent().delete("/external/conversations/" + conversation).then().statusCode(204);
        yield sent;
      }
      case 2, 3, 4 -> scene.agent().send(conversation, "f" + number).statusCode();
      case 5, 6, 7 -> scene.async(conversation, "r" + number).statusCode();
      case 8 -> scene.agent().send(java.util.UUID.randomUUID().toString(), "r").statusCode();
      default -> scene.agent().send(conversation, "r" + number).statusCode();
    };
  }
}

package dev.colloquy.turn;

import static dev.colloquy.turn.Scene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that could not renew its lease, as when its connections to the database are dead. */
@ServerTest
class LostLeaseTest {
  @Inject Database database;
  @Inject Node node;
  StubModelServer stub;

  @AfterEach
  void reset() {
    stub.reset();
  }

  /** Until it is renewed, which is tried every five seconds. */
  private void loseLease() {
    node.holdUntil(System.nanoTime() - 1);
  }

  @Test
  void invariant3ItsCallsEndAndItsTurnsAreMadeAgain() {
    var scene = new Scene(database);
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    var conversation = scene.agent().newConversation();
    scene.async(conversation, "Anybody?").then().statusCode(201);
    soon().until(() -> stub.requests().stream().anyMatch(r -> r.model().equals(scene.model())));
    var before = stub.abandoned();
    scene.answers(stub, _ -> ModelAnswer.reply("Here."));

    loseLease();

    soon().until(() -> stub.abandoned() == before + 1);
    soon().until(() -> scene.texts(conversation, "assistant").contains("Here."));
    assertThat(scene.turns(conversation)).containsExactly("completed");
  }

  @Test
  void itIsNotReadyAndTakesNoQuestions() {
    var scene = new Scene(database);
    scene.answers(stub, _ -> ModelAnswer.reply("Here."));
    var conversation = scene.agent().newConversation();

    loseLease();
    var refused = scene.agent().send(conversation, "Anybody?");
    loseLease();
    var ready = RestAssured.get("/health/ready");

    refused.then().statusCode(503).body("details[0].field", equalTo("node"));
    assertThat(refused.header("Retry-After")).isEqualTo("2");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(scene.texts(conversation, "conversation_user")).isEmpty();
    soon().until(() -> RestAssured.get("/health/ready").statusCode() == 200);
    scene.agent().send(conversation, "Anybody?").then().statusCode(201);
  }
}

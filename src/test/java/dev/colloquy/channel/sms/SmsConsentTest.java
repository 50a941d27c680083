package dev.colloquy.channel.sms;

import static dev.colloquy.channel.sms.SmsScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.testing.FakeTwilio;
import dev.colloquy.testing.FakeTwilio.Answer;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing is sent to who said STOP, whenever that comes; and no model is asked what it means. */
@ServerTest
class SmsConsentTest {
  private static final String LONG = "This is one sentence of a very long reply. ".repeat(40);

  @Inject Database database;
  @Inject PublicUrl publicUrl;
  StubModelServer stub;
  private final FakeTwilio twilio = FakeTwilio.start();
  private SmsScene scene;

  @BeforeEach
  void begin() {
    scene = scene();
  }

  private SmsScene scene() {
    return new SmsScene(twilio, database, publicUrl, Map.of(), Map.of());
  }

  @AfterEach
  void reset() {
    stub.reset();
    twilio.close();
  }

  private void say(String word, String outcome) {
    var fields = scene.write(word);
    soon(() -> assertThat(scene.outcome(fields)).isEqualTo(outcome));
  }

  @Test
  void stopIsWrittenDownAndSeenAndNothingIsSentAfterIt() {
    scene.start("Hello from the shop.").then().statusCode(201);
    soon(() -> assertThat(twilio.taken()).hasSize(1));

    say("Stop.", "opt_out");

    assertThat(scene.ledger()).containsExactly("opt_out");
    assertThat(scene.said())
        .containsExactly("assistant: Hello from the shop.", "conversation_user: Stop.");
    scene.start("Are you sure?").then().statusCode(409);
    assertThat(stub.requests()).isEmpty();
    assertThat(twilio.requests()).hasSize(1);
  }

  @Test
  void stopOfSomebodyUnknownMakesNobodyKnown() {
    say("STOP", "opt_out");

    assertThat(scene.ledger()).containsExactly("opt_out");
    assertThat(scene.conversations()).isEmpty();
  }

  @Test
  void stopHoldsForTheWholeOrganization() {
    say("STOP", "opt_out");

    var other = scene();
    other.start(scene.person, "Hello from another agent.").then().statusCode(409);
  }

  @Test
  void stopEndsWhatIsBeingAnswered() {
    stub.next(ModelAnswer.reply("I think").ending(ModelAnswer.Ending.HANG));
    scene.write("When do you open?");
    soon(() -> assertThat(stub.requests()).hasSize(1));

    say("STOP", "opt_out");

    soon(() -> assertThat(turns()).containsExactly("failed"));
    assertThat(scene.deliveries()).isEmpty();
    assertThat(twilio.requests()).isEmpty();
  }

  private List<String> turns() {
    return database.read(tx ->
        tx.createQuery("select status from turn where agent_id = cast(:agent as uuid)")
            .bind("agent", scene.agentId)
            .mapTo(String.class)
            .list());
  }

  @Test
  void whatIsAlreadyWrittenWhenStopComesIsNotSent() {
    stub.always(_ -> ModelAnswer.reply(LONG));
    twilio.next(new Answer.Hang());
    scene.write("Tell me everything.");
    soon(() -> assertThat(twilio.requests()).hasSize(1));
    var parts = scene.deliveries().size();
    assertThat(parts).isGreaterThan(2);

    say("STOP", "opt_out");
    twilio.release();

    soon(() ->
        assertThat(scene.deliveries().stream().filter(d -> "failed".equals(d.get("status"))))
            .hasSize(parts - 1)
            .allMatch(d -> "opted_out".equals(d.get("reason"))));
    assertThat(scene.deliveries().getFirst()).containsEntry("status", "sent");
    assertThat(twilio.requests()).hasSize(1);
  }

  @Test
  void stopWaitsForNothingThatCameBefore() {
    stub.always(_ -> ModelAnswer.reply("Here.").ending(ModelAnswer.Ending.HANG));
    var mms = twilio.message(scene.person, scene.number, "Look");
    mms.put("NumMedia", "1");
    // Nobody answers there, so its question is not even stored when the word comes.
    mms.put("MediaUrl0", twilio.baseUrl() + "/nothing-yet");
    mms.put("MediaContentType0", "image/jpeg");
    scene.receive(mms);

    say("STOP", "opt_out");

    soon(() -> assertThat(scene.outcome(mms)).isEqualTo("opted_out"));
    assertThat(stub.requests()).isEmpty();
    assertThat(twilio.requests()).isEmpty();
  }

  @Test
  void whatSomebodyWritesAfterStopIsSeenAndNotAnswered() {
    say("STOP", "opt_out");

    say("And never write again!", "opted_out");

    assertThat(scene.said()).containsExactly("conversation_user: And never write again!");
    assertThat(stub.requests()).isEmpty();
    assertThat(twilio.requests()).isEmpty();
  }

  @Test
  void startAllowsMessagesAgain() {
    say("STOP", "opt_out");
    say("START", "opt_in");

    say("When do you open?", "question");

    soon(() -> assertThat(twilio.taken()).hasSize(1));
    assertThat(scene.ledger()).containsExactly("opt_in", "opt_out");
    scene.start("Welcome back.").then().statusCode(201);
  }

  @Test
  void yesIsAnAnswerUnlessSomebodyHadOptedOut() {
    say("Yes", "question");
    soon(() -> assertThat(twilio.taken()).hasSize(1));
    say("STOP", "opt_out");

    say("YES", "opt_in");

    assertThat(scene.ledger()).containsExactly("opt_in", "opt_out");
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void helpIsAnsweredByNameWithoutAModel() {
    say("HELP", "help");

    soon(() -> assertThat(twilio.taken()).hasSize(1));
    assertThat(twilio.taken().getFirst().field("Body")).startsWith("Ada: ").contains("STOP");
    assertThat(scene.said()).hasSize(2);
    assertThat(scene.ledger()).containsExactly("help");
    assertThat(stub.requests()).isEmpty();
  }

  @Test
  void helpIsNotAnsweredTwiceNorToWhomNothingIsSent() {
    var answered = twilio.message(scene.person, scene.number, "Help");
    answered.put("OptOutType", "HELP");
    scene.receive(answered);
    soon(() -> assertThat(scene.outcome(answered)).isEqualTo("help"));
    say("STOP", "opt_out");
    say("HELP", "help");

    assertThat(scene.deliveries()).isEmpty();
    assertThat(scene.said()).allMatch(text -> text.startsWith("conversation_user: "));
    scene.start("Hello").then().statusCode(409); // help changes nothing
  }

  @Test
  void invariant4HelpIsForThePersonWhoTookOver() {
    scene.start("Hello from the shop.").then().statusCode(201);
    soon(() -> assertThat(twilio.taken()).hasSize(1));
    var conversation = scene.conversations().getFirst();
    scene
        .agent
        .put("/external/conversations/" + conversation + "/mode", Map.of("mode", "manual"))
        .then()
        .statusCode(200);

    say("HELP", "help");

    assertThat(scene.said()).hasSize(2);
    assertThat(scene.deliveries()).hasSize(1);
  }

  @Test
  void whatAdvancedOptOutMadeOfItCounts() {
    var fields = twilio.message(scene.person, scene.number, "Adieu");
    fields.put("OptOutType", "STOP");
    scene.receive(fields);

    soon(() -> assertThat(scene.outcome(fields)).isEqualTo("opt_out"));
    assertThat(scene.ledger()).containsExactly("opt_out");
  }

  @Test
  void aPersonsMessageIsNotSentToWhoOptedOutEither() {
    scene.write("Hello");
    soon(() -> assertThat(twilio.taken()).hasSize(1));
    var conversation = scene.conversations().getFirst();
    say("STOP", "opt_out");
    scene.agent.put("/external/conversations/" + conversation + "/mode", Map.of("mode", "manual"));

    scene
        .agent
        .post(
            "/external/conversations/" + conversation + "/send-manual-message",
            Map.of("message", "This is a person."))
        .then()
        .statusCode(200);

    soon(() ->
        assertThat(scene.deliveries().stream().map(d -> d.get("status")))
            .isEqualTo(List.of("sent", "failed")));
    assertThat(scene.deliveries().getLast()).containsEntry("reason", "opted_out");
    assertThat(twilio.requests()).hasSize(1);
  }
}

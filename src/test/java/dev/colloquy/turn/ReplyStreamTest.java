package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.EventClient;
import dev.colloquy.testing.EventClient.Received;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies that are streamed while they are made. */
@ServerTest
@Timeout(60)
class ReplyStreamTest {
  @Inject Database database;
  StubModelServer stub;
  private Scene scene;
  private String conversation;

  @BeforeEach
  void begin() {
    scene = new Scene(database);
    conversation = scene.agent().newConversation();
  }

  @AfterEach
  void reset() {
    stub.reset();
  }

  private String path() {
    return "/external/conversations/" + conversation + "/messages";
  }

  private EventClient ask(String message) throws Exception {
    return EventClient.post(scene.agent(), path(), Map.of("message", message));
  }

  private static List<Received> all(EventClient stream) throws Exception {
    var events = new ArrayList<Received>();
    do {
      events.add(stream.next());
    } while (events.size() < 2 || events.getLast().type().equals("reply.delta"));
    assertThat(stream.ended()).isTrue();
    return events;
  }

  /** What a reader has heard who puts every piece where it belongs. */
  private static String heard(List<Received> events) {
    var text = new StringBuilder();
    for (var event : events) {
      if (event.type().equals("reply.delta")) {
        text.setLength(event.data().at("/data/offset").asInt());
        text.append(event.data().at("/data/text").asText());
      }
    }
    return text.toString();
  }

  @Test
  void theQuestionThenThePiecesThenTheReply() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("Hel", "lo, \uD83D\uDE00", " wor", "ld.\nBye."));
    List<Received> events;
    try (var stream = ask("Hi")) {
      events = all(stream);
    }

    var question = events.getFirst();
    assertThat(question.type()).isEqualTo("message.created");
    assertThat(question.data().at("/data/message").asText()).isEqualTo("Hi");
    var reply = events.getLast();
    assertThat(reply.type()).isEqualTo("message.created");
    assertThat(reply.data().at("/data/message").asText())
        .isEqualTo("Hello, \uD83D\uDE00 world.\nBye.");
    // How many pieces are heard one by one is a matter of timing; what they say is not.
    assertThat("Hello, \uD83D\uDE00 world.\nBye.").startsWith(heard(events));
    // The ids are those of the conversation's feed, where a reader can go on.
    var feed = scene.agent().get("/external/conversations/" + conversation + "/events").jsonPath();
    assertThat(feed.getList("data.id", String.class)).endsWith(question.id(), reply.id());
  }

  @Test
  void piecesComeWhileTheModelStillSpeaks() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.reply("First ", "words").ending(ModelAnswer.Ending.HANG));
    try (var stream = ask("Hi");
        var feed =
            EventClient.get(
                scene.agent(), "/external/conversations/" + conversation + "/events", null)) {
      var question = stream.next();
      assertThat(hear(stream, "First words")).allMatch(e -> e.id() == null);
      // Whoever follows the conversation hears them too, however late they come.
      assertThat(feed.next(2)).extracting(Received::type).endsWith("message.created");
      hear(feed, "First words");
      try (var late =
          EventClient.get(
              scene.agent(),
              "/external/conversations/" + conversation + "/events",
              question.id())) {
        hear(late, "First words");
      }

      scene.mode(conversation, "manual").then().statusCode(200);
      assertThat(stream.next().type()).isEqualTo("turn.held");
      assertThat(feed.next().type()).isEqualTo("mode.changed");
    }
  }

  private static List<Received> hear(EventClient stream, String text) throws Exception {
    var events = new ArrayList<Received>();
    while (!heard(events).equals(text)) {
      events.add(stream.next());
      assertThat(events.getLast().type()).isEqualTo("reply.delta");
    }
    return events;
  }

  @Test
  void aReplyThatIsBegunAgainReplacesWhatWasHeard() throws Exception {
    var calls = new AtomicInteger();
    scene.answers(
        stub,
        _ ->
            calls.getAndIncrement() == 0
                ? ModelAnswer.reply("This is lost").ending(ModelAnswer.Ending.RESET)
                : ModelAnswer.reply("Kept.").ending(ModelAnswer.Ending.HANG));
    try (var stream = ask("Hi")) {
      stream.next();
      hear(stream, "Kept.");
    }
    assertThat(calls.get()).isEqualTo(2);
  }

  @Test
  void aTurnThatFailsEndsTheStream() throws Exception {
    scene.answers(stub, _ -> ModelAnswer.status(400, "{}"));
    try (var stream = ask("Hi")) {
      var events = all(stream);
      assertThat(events.getLast().type()).isEqualTo("turn.failed");
      assertThat(events.getLast().data().at("/data/code").asText()).isEqualTo("MODEL_FAILED");
      assertThat(events.getLast().data().at("/data/conversationMessageId").asText())
          .isEqualTo(events.getFirst().data().at("/data/id").asText());
    }
  }

  /** A reader that hangs up changes nothing: the reply is in the feed. */
  @Test
  void aReaderThatIsGoneFindsTheReplyInTheFeed() throws Exception {
    var gate = new TurnCalls.Gate();
    scene.answers(stub, _ -> gate.pass("Here."));
    String last;
    try (var stream = ask("Hi")) {
      last = stream.next().id();
    }
    gate.open.countDown();
    try (var feed =
        EventClient.get(
            scene.agent(), "/external/conversations/" + conversation + "/events", last)) {
      Received event;
      do {
        event = feed.next();
      } while (event.type().equals("reply.delta"));
      assertThat(event.data().at("/data/message").asText()).isEqualTo("Here.");
    }
  }

  @Test
  void invariant7AStreamThatIsAskedForAgainTellsTheSame() throws Exception {
    var body = Map.of("message", "Hi");
    var key = UUID.randomUUID().toString();
    var first =
        scene
            .agent()
            .request()
            .header("Idempotency-Key", key)
            .header("Accept", "text/event-stream")
            .contentType(ContentType.JSON)
            .body(body)
            .post(path());
    var again =
        scene
            .agent()
            .request()
            .header("Idempotency-Key", key)
            .header("Accept", "text/event-stream")
            .contentType(ContentType.JSON)
            .body(body)
            .post(path());

    first.then().statusCode(200);
    again.then().statusCode(200).header("Idempotency-Replayed", equalTo("true"));
    assertThat(created(again.asString())).isEqualTo(created(first.asString())).hasSize(2);
    assertThat(scene.texts(conversation, "conversation_user")).containsExactly("Hi");
  }

  private static List<String> created(String stream) {
    return stream.lines().filter(line -> line.contains("\"message.created\"")).toList();
  }

  @Test
  void whatIsRefusedIsRefusedBeforeTheStream() {
    scene
        .agent()
        .request()
        .header("Accept", "text/event-stream")
        .contentType(ContentType.JSON)
        .body(Map.of("message", ""))
        .post(path())
        .then()
        .statusCode(400)
        .contentType(ContentType.JSON)
        .body("details[0].field", equalTo("message"));
    scene.agent().send(conversation, "Plain.").then().statusCode(201);
  }
}

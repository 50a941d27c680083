package dev.colloquy.turn;

import static dev.colloquy.turn.Scene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.message.MessageOrigins;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes in over a channel gets a turn, and its reply goes back the way that it came. */
@ServerTest
class ChannelQuestionsTest {
  @Inject Database database;
  @Inject ChannelQuestions questions;
  StubModelServer stub;
  private Scene scene;
  private String conversation;
  private String sender;

  @BeforeEach
  void begin() {
    scene = new Scene(database, Map.of());
    conversation = scene.agent().newConversation();
    sender = Unique.email();
  }

  @AfterEach
  void reset() {
    stub.reset();
  }

  private ChannelQuestion question(Channel channel, String text) {
    var id = new MessageId(Ids.next());
    var in = ConversationId.fromString(conversation);
    var details = JsonNodeFactory.instance.objectNode().put("subject", "My order");
    return ChannelQuestion.of(
        scene.owner(),
        in,
        id,
        channel,
        text,
        new MessageOrigins.Origin(in, id, sender, "ada@example.com", "<" + id + "@x>", details));
  }

  private Message ask(Channel channel, String text) throws InterruptedException {
    return questions.ask(_ -> Optional.of(question(channel, text))).orElseThrow();
  }

  private List<Map<String, Object>> deliveries() {
    return Api.superAdmin().get("/admin/deliveries?conversationId=" + conversation).path("data");
  }

  @Test
  void invariant6AReplyAndItsWayBackAreStoredTogether() throws InterruptedException {
    scene.answers(stub, _ -> ModelAnswer.reply("It was sent."));
    var asked = ask(Channel.EMAIL, "Where is it?");
    soon().until(() -> scene.status(conversation, asked.id().toString()).equals("completed"));
    assertThat(deliveries()).hasSize(1);
    assertThat(deliveries().getFirst())
        .containsEntry("kind", "reply")
        .containsEntry("channel", "email")
        .containsEntry("status", "captured")
        .containsEntry("recipient", sender)
        .containsEntry("sender", "ada@example.com")
        .containsEntry("subject", "Re: My order")
        .containsEntry("body", "It was sent.");
    scene
        .agent()
        .get("/external/conversations/" + conversation + "/messages")
        .then()
        .body("messages", hasSize(2))
        .body("messages.source", equalTo(List.of("email", "email")))
        .body("messages[0].delivery", nullValue())
        .body("messages[1].delivery.status", equalTo("captured"));
  }

  @Test
  void invariant6WhereTheWayBackCannotBeWrittenNoReplyIs() throws InterruptedException {
    var refused = Unique.word();
    scene.answers(stub, _ -> ModelAnswer.reply("It was sent, " + refused));
    database.useTransaction(tx ->
        tx.execute(
            "alter table delivery add constraint refused_reply check (body not like '%%%s%%')"
                .formatted(refused)));
    Message asked;
    try {
      asked = ask(Channel.EMAIL, "Where is it?");
      soon().until(() -> stub.requests().stream().filter(this::isMine).count() > 1);
      assertThat(scene.texts(conversation, "assistant")).isEmpty();
    } finally {
      database.useTransaction(
          tx -> tx.execute("alter table delivery drop constraint refused_reply"));
    }
    soon().until(() -> scene.status(conversation, asked.id().toString()).equals("completed"));
    assertThat(scene.texts(conversation, "assistant")).hasSize(1);
    assertThat(deliveries()).hasSize(1);
  }

  private boolean isMine(StubModelServer.Request request) {
    return request.model().equals(scene.model());
  }

  @Test
  void invariant6AReplyGoesBackOverEachChannelThatItAnswers() throws InterruptedException {
    scene.answers(
        stub,
        request ->
            Scene.question(request).endsWith("Well?")
                ? ModelAnswer.reply("It was sent.")
                : new ModelAnswer.Silence());
    var asked = ask(Channel.SMS, "Where is it?");
    ask(Channel.EMAIL, "I wrote an SMS.");
    ask(Channel.SMS, "Is anybody there?");

    var reply =
        scene
            .agent()
            .post(
                "/external/conversations/" + conversation + "/messages",
                Map.of("message", "Well?", "whenBusy", "interrupt"));

    reply.then().statusCode(201).body("message", equalTo("It was sent."));
    assertThat(scene.status(conversation, asked.id().toString())).isEqualTo("completed");
    assertThat(deliveries())
        .extracting(d -> d.get("channel"))
        .containsExactlyInAnyOrder("sms", "email");
    for (var delivery : deliveries()) {
      assertThat(delivery)
          .containsEntry("kind", "reply")
          .containsEntry("messageId", reply.path("id"))
          .containsEntry("recipient", sender)
          .containsEntry("body", "It was sent.");
    }
  }

  @Test
  void whatIsFromNowhereIsAnsweredAndGoesNowhere() throws InterruptedException {
    var question =
        ChannelQuestion.of(
            scene.owner(),
            ConversationId.fromString(conversation),
            new MessageId(Ids.next()),
            Channel.EMAIL,
            "Where is it?",
            null);
    var asked = questions.ask(_ -> Optional.of(question)).orElseThrow();
    soon().until(() -> scene.status(conversation, asked.id().toString()).equals("completed"));
    assertThat(deliveries()).isEmpty();
  }

  @Test
  void invariant4WhereAPersonTookOverNothingGoesBack() throws Exception {
    var asked = new CompletableFuture<Void>();
    scene.answers(
        stub,
        _ -> {
          asked.complete(null);
          return new ModelAnswer.Silence();
        });
    var question = ask(Channel.SMS, "Where is it?");
    asked.get(10, java.util.concurrent.TimeUnit.SECONDS);
    scene
        .agent()
        .put("/external/conversations/" + conversation + "/mode", Map.of("mode", "manual"))
        .then()
        .statusCode(200);
    assertThat(scene.status(conversation, question.id().toString())).isEqualTo("pending");
    assertThat(deliveries()).isEmpty();
    var held = ask(Channel.SMS, "Is anybody there?");
    assertThat(scene.status(conversation, held.id().toString())).isEqualTo("pending");
    scene
        .agent()
        .post(
            "/external/conversations/" + conversation + "/send-manual-message",
            Map.of("message", "I am.", "channel", "sms"))
        .then()
        .statusCode(200)
        .body("source", equalTo("sms"));
    assertThat(deliveries()).hasSize(1);
    assertThat(deliveries().getFirst())
        .containsEntry("kind", "manual")
        .containsEntry("recipient", sender)
        .containsEntry("body", "I am.");
  }

  @Test
  void whatTheWorkStoredGoesWithTheQuestionOrNotAtAll() {
    var other = new CompletableFuture<ConversationId>();
    assertThatThrownBy(() ->
            questions.ask(tx -> {
              Conversations.move(
                  tx,
                  scene.owner(),
                  ConversationId.fromString(conversation),
                  Channel.EMAIL,
                  Instant.now());
              var gone = new ConversationId(Ids.next());
              other.complete(gone);
              return Optional.of(
                  ChannelQuestion.of(
                      scene.owner(), gone, new MessageId(Ids.next()), Channel.EMAIL, "?", null));
            }))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(other).isCompleted();
    scene
        .agent()
        .get("/external/conversations/" + conversation)
        .then()
        .body("channel", equalTo("api"));
  }

  @Test
  void nothingAskedIsNothingStored() throws InterruptedException {
    assertThat(questions.ask(_ -> Optional.empty())).isEmpty();
    assertThat(scene.turns(conversation)).isEmpty();
  }

  @Test
  void whatComesInIsNotRejectedWhereTheAgentRejects() throws InterruptedException {
    scene = new Scene(database, Map.of("whenBusy", "reject"));
    conversation = scene.agent().newConversation();
    scene.answers(
        stub,
        request ->
            Scene.question(request).equals("first")
                ? ModelAnswer.reply("1")
                : ModelAnswer.reply("2"));
    stub.latency(java.time.Duration.ofMillis(300));
    var first = ask(Channel.SMS, "first");
    var second = ask(Channel.SMS, "second");
    soon().until(() -> scene.status(conversation, second.id().toString()).equals("completed"));
    assertThat(scene.status(conversation, first.id().toString())).isEqualTo("completed");
    assertThat(deliveries()).extracting(d -> d.get("body")).containsExactly("2", "1");
  }

  @Test
  void theReplyIsHeardAsItIsMade() throws InterruptedException {
    scene.answers(stub, _ -> ModelAnswer.reply("It was sent on Monday."));
    var heard = new StringBuilder();
    var stored = new CompletableFuture<Message>();
    var reply =
        questions.converse(
            _ -> Optional.of(question(Channel.VOICE, "Where is it?")),
            stored::complete,
            heard::append);
    assertThat(reply.orElseThrow().text()).isEqualTo("It was sent on Monday.");
    assertThat(heard).hasToString("It was sent on Monday.");
    assertThat(stored.join().source()).isEqualTo("voice");
    assertThat(deliveries()).isEmpty();
  }

  @Test
  void aListenerWhoIsGoneEndsTheModelsCall() throws InterruptedException {
    scene.answers(stub, _ -> new ModelAnswer.Silence());
    var asked = ask(Channel.VOICE, "Where is it?");
    soon().until(() -> stub.requests().stream().anyMatch(this::isMine));
    var before = stub.abandoned();
    var in = ConversationId.fromString(conversation);
    assertThat(questions.cancel(scene.owner(), in, asked.id())).isTrue();
    soon().until(() -> stub.abandoned() > before);
    assertThat(questions.cancel(scene.owner(), in, asked.id())).isFalse();
    assertThat(scene.status(conversation, asked.id().toString())).isEqualTo("failed");
  }
}

package dev.colloquy.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.signal.Signals;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.EventClient;
import dev.colloquy.testing.ServerTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies while they are made, and that nothing of one is told after it was shown. */
@ServerTest
@Timeout(60)
class DraftsTest {
  @Inject Drafts drafts;
  @Inject Signals signals;

  private static MessageId question() {
    return new MessageId(UUID.randomUUID());
  }

  @Test
  void ofAReplyThatWasShownNothingMoreIsTold() {
    var conversation = new ConversationId(UUID.randomUUID());
    var first = question();
    try (var reader = drafts.follow(conversation, () -> {})) {
      try (var writer = drafts.begin(conversation, first, 1)) {
        writer.append("Hel");
        assertThat(reader.next()).contains(new ReplyDelta(first.toString(), 0, "Hel"));
        reader.answered(first);
        writer.append("lo.");
        assertThat(reader.next()).isEmpty();
        writer.restart();
        writer.append("Again.");
        assertThat(reader.next()).isEmpty();
      }
      var second = question();
      try (var writer = drafts.begin(conversation, second, 2)) {
        writer.append("Next.");
        assertThat(reader.next()).contains(new ReplyDelta(second.toString(), 0, "Next."));
      }
    }
  }

  /** A node that took the turn up begins the reply again: nothing of the first one is left. */
  @Test
  void aReplyThatIsBegunAgainReplacesWhatWasHeard() {
    var conversation = new ConversationId(UUID.randomUUID());
    var question = question();
    try (var reader = drafts.follow(conversation, () -> {})) {
      try (var dead = drafts.begin(conversation, question, 1)) {
        dead.append("One rep");
        assertThat(reader.next()).contains(new ReplyDelta(question.toString(), 0, "One rep"));
        try (var next = drafts.begin(conversation, question, 2)) {
          next.append("Another reply.");
          assertThat(reader.next())
              .contains(new ReplyDelta(question.toString(), 0, "Another reply."));
        }
      }
    }
  }

  @Test
  void invariant4ANodeShowsNothingOnceItsTurnsMayBeOthers() {
    var held = new AtomicBoolean(true);
    var node = new Drafts(signals);
    node.showOurs(held::get);
    var conversation = new ConversationId(UUID.randomUUID());
    var question = question();
    try (var reader = node.follow(conversation, () -> {});
        var writer = node.begin(conversation, question, 1)) {
      writer.append("In time");
      assertThat(reader.next()).isPresent();
      held.set(false);
      writer.append(" and late.");
      assertThat(reader.next()).isEmpty();
      held.set(true);
      assertThat(reader.next()).contains(new ReplyDelta(question.toString(), 7, " and late."));
    }
  }

  /** The node that stored the reply is heard before its last words are. */
  @Test
  void aStreamTellsNoPieceAfterItsReply() throws Exception {
    var agent = Api.newAgent();
    var conversation = agent.newConversation();
    var path = "/external/conversations/" + conversation;
    agent.send(conversation, "Hi").then().statusCode(201);
    String answered = agent.get(path + "/events").path("data[2].data.conversationMessageId");
    try (var writer =
            drafts.begin(
                new ConversationId(UUID.fromString(conversation)),
                MessageId.fromString(answered),
                1);
        var stream = EventClient.get(agent, path + "/events", null)) {
      writer.append("Late");
      assertThat(stream.next(3).getLast().data().at("/data/senderRole").asText())
          .isEqualTo("assistant");
      writer.append(" words.");
      for (var mode : List.of("manual", "ai")) {
        agent.put(path + "/mode", Map.of("mode", mode)).then().statusCode(200);
        assertThat(stream.next().type()).isEqualTo("mode.changed");
      }
    }
  }
}

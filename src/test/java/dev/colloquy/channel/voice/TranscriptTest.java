package dev.colloquy.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.message.SenderRole;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was said and is not stored yet. */
class TranscriptTest {
  private static final ConversationId CONVERSATION = new ConversationId(UUID.randomUUID());

  private static SenderRole role(String line) {
    return line.startsWith("u ") ? SenderRole.CONVERSATION_USER : SenderRole.ASSISTANT;
  }

  private static List<String> missing(List<String> spoken, List<String> stored) {
    return Transcript.missing(
            spoken.stream().map(l -> new Transcript.Line(role(l), l.substring(2))).toList(),
            stored.stream().map(TranscriptTest::message).toList())
        .stream()
        .map(l -> (l.role() == SenderRole.ASSISTANT ? "a " : "u ") + l.text())
        .toList();
  }

  private static Message message(String line) {
    return new Message(
        CONVERSATION,
        1,
        new MessageId(UUID.randomUUID()),
        null,
        role(line),
        "voice",
        line.substring(2),
        null,
        null,
        List.of(),
        false,
        Instant.EPOCH);
  }

  @Test
  void whatIsStoredIsNotMissing() {
    var said = List.of("a Hello.", "u When?", "a At nine.", "u When?", "a At nine.");
    assertThat(missing(said, said)).isEmpty();
    assertThat(missing(List.of(), said)).isEmpty();
    assertThat(missing(said, List.of())).isEqualTo(said);
  }

  @Test
  void signsCaseAndASlipOfTheEarDoNotMatter() {
    assertThat(
            missing(
                List.of("u yes I'd like two pizzas please thank you", "a that is  OKAY!!"),
                List.of("u Yes, I\u2019d like to pizzas, please. Thank you.", "a That is okay.")))
        .isEmpty();
  }

  @Test
  void oneReplyMayBeSpokenInPieces() {
    assertThat(
            missing(
                List.of("a One two three.", "a Four five six.", "a Seven eight nine."),
                List.of("a One two three. Four five six. Seven eight nine.")))
        .isEmpty();
  }

  @Test
  void piecesMayBeWrittenInAnotherWay() {
    assertThat(
            missing(
                List.of("a We open at 9:30 am on every day", "a but Sunday, and that is all."),
                List.of("a We open at 9:30 a.m. on each day but Sunday, and that is all.")))
        .isEmpty();
    assertThat(
            missing(
                List.of("a We open at nine on days", "a Something else was said then."),
                List.of("a We open at 9 on days that are not Sundays.")))
        .containsExactly("a Something else was said then.");
  }

  @Test
  void twoQuestionsMayBeHeardAsOne() {
    assertThat(
            missing(
                List.of("u I want to know when you open tomorrow"),
                List.of("u I want to know", "u when you open tomorrow")))
        .isEmpty();
  }

  @Test
  void aReplyThatWasInterruptedIsThereInFull() {
    assertThat(missing(List.of("a We open at"), List.of("a We open at nine, except on Sundays.")))
        .isEmpty();
  }

  @Test
  void theSameWordsOfTheOtherSideAreNotMeant() {
    assertThat(missing(List.of("u Hello."), List.of("a Hello."))).containsExactly("u Hello.");
  }

  @Test
  void whatIsSaidTwiceAndStoredOnceIsMissingOnce() {
    assertThat(missing(List.of("u Yes.", "u Yes."), List.of("u Yes."))).containsExactly("u Yes.");
  }

  @Test
  void whatIsMissingKeepsItsOrder() {
    assertThat(
            missing(
                List.of("a Hi.", "u one", "a known", "u two", "a three"),
                List.of("a Hi.", "a known")))
        .containsExactly("u one", "u two", "a three");
  }

  @Test
  void anythingIsReadAndEndsSoon() {
    var random = new Random(7);
    var words = new String[] {"a", "b", "c", "!", "\uD83D\uDE00", "", "'"};
    for (var i = 0; i < 200; i++) {
      var lines = IntStream.range(0, 20).mapToObj(_ -> line(random, words)).toList();
      var stored = IntStream.range(0, 20).mapToObj(_ -> line(random, words)).toList();
      assertThat(lines).containsAll(missing(lines, stored));
    }
    var nodes = JsonNodeFactory.instance;
    assertThat(Transcript.read(nodes.textNode("x"))).isEmpty();
    assertThat(Transcript.read(nodes.missingNode())).isEmpty();
    var many = nodes.arrayNode();
    for (var i = 0; i < 5_000; i++) {
      many.addObject().put("role", "user").put("message", "w" + i);
    }
    var read = Transcript.read(many);
    assertThat(read).hasSize(2_000);
    var start = System.nanoTime();
    assertThat(Transcript.missing(read, stored2000())).isNotEmpty();
    assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
  }

  private static List<Message> stored2000() {
    return IntStream.range(0, 2_000).mapToObj(i -> message("u other words " + i)).toList();
  }

  private static String line(Random random, String[] words) {
    var text = new StringBuilder(random.nextBoolean() ? "a " : "u ");
    for (var i = random.nextInt(6); i >= 0; i--) {
      text.append(words[random.nextInt(words.length)]).append(' ');
    }
    return text.toString();
  }

  @Test
  void rolesAreReadAsVapiWritesThem() {
    var messages = JsonNodeFactory.instance.arrayNode();
    for (var role : Arrays.asList("system", "bot", "assistant", "user", "tool_calls", "x")) {
      messages.addObject().put("role", role).put("message", "m " + role);
    }
    assertThat(Transcript.read(messages))
        .extracting(Transcript.Line::text)
        .containsExactly("m bot", "m assistant", "m user");
  }
}

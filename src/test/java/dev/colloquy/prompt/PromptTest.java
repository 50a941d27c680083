package dev.colloquy.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.knowledge.Passage;
import dev.colloquy.message.Message;
import dev.colloquy.message.SenderRole;
import dev.colloquy.message.Tokens;
import dev.colloquy.model.ModelMessage;
import dev.colloquy.model.ModelMessage.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromptTest {
  private static final ConversationId CONVERSATION = new ConversationId(UUID.randomUUID());
  private static final int PLENTY = 100_000;

  private final List<Message> history = new ArrayList<>();

  @Test
  void theQuestionStandsLastAndAsItWasAsked() {
    var prompt = prompt("  Is *this*\nkept? ", PLENTY);

    assertThat(prompt.messages()).containsExactly(user("  Is *this*\nkept? "));
  }

  @Test
  void theSystemPartHoldsInstructionsContextsAndPassagesInThisOrder() {
    var source =
        new PromptSource(
            "Be brief.",
            "Grace Hopper",
            "likes ships",
            "about a refund",
            "on page 3",
            List.of(),
            "Why?");
    var passage = new Passage(UUID.randomUUID(), "guide.md", "Refunds", "Within a week.", 0.9);

    var system = Prompt.of(source, List.of(passage), PLENTY).system();

    assertThat(system)
        .containsSubsequence(
            "Be brief.",
            "Grace Hopper",
            "likes ships",
            "about a refund",
            "on page 3",
            "[guide.md > Refunds]",
            "Within a week.");
  }

  @Test
  void anEmptyContextHasNoHeading() {
    assertThat(prompt("Why?", PLENTY).system())
        .doesNotContain("## This conversation", "## This message", "## From your documents");
  }

  @Test
  void aReplyStandsWithItsQuestionThoughItWasStoredAfterTheNextOne() {
    var first = says(SenderRole.CONVERSATION_USER, "first", null);
    var second = says(SenderRole.CONVERSATION_USER, "second", null);
    says(SenderRole.ASSISTANT, "to the first", first);
    says(SenderRole.ASSISTANT, "to the second", second);

    assertThat(prompt("third", PLENTY).messages())
        .containsExactly(
            user("first"),
            assistant("to the first"),
            user("second"),
            assistant("to the second"),
            user("third"));
  }

  @Test
  void whatAPersonSaidIsTheAssistantsToo() {
    var question = says(SenderRole.CONVERSATION_USER, "hello", null);
    says(SenderRole.MANUAL_ASSISTANT, "a person here", question);
    says(SenderRole.MANUAL_ASSISTANT, "and again", question);

    assertThat(prompt("thanks", PLENTY).messages())
        .containsExactly(user("hello"), assistant("a person here\n\nand again"), user("thanks"));
  }

  @Test
  void whatNobodyRepliedToIsKnownAndNotAsked() {
    var question = says(SenderRole.CONVERSATION_USER, "hello", null);
    says(SenderRole.ASSISTANT, "hi", question);
    says(SenderRole.CONVERSATION_USER, "nobody there?", null);
    says(SenderRole.CONVERSATION_USER, "my order is 7", null);

    var prompt = prompt("now?", PLENTY);

    assertThat(prompt.messages()).containsExactly(user("hello"), assistant("hi"), user("now?"));
    assertThat(prompt.system())
        .containsSubsequence("do not answer it now", "nobody there?", "my order is 7");
  }

  @Test
  void whatNobodyRepliedToIsLeftOutToo() {
    says(SenderRole.CONVERSATION_USER, "long ".repeat(100), null);
    says(SenderRole.CONVERSATION_USER, "short", null);
    var fixed = Tokens.estimate(prompt("last", 1).system()) + Tokens.estimate("last");

    assertThat(prompt("last", fixed + Tokens.estimate("short")).system())
        .contains("short")
        .doesNotContain("long");
    assertThat(prompt("last", fixed).system()).doesNotContain("without a reply");
  }

  @Test
  void questionsThatWereAnsweredTogetherStandTogether() {
    says(SenderRole.CONVERSATION_USER, "first", null);
    var second = says(SenderRole.CONVERSATION_USER, "second", null);
    says(SenderRole.ASSISTANT, "to both", second);

    assertThat(prompt("third", PLENTY).messages())
        .containsExactly(user("first\n\nsecond"), assistant("to both"), user("third"));
  }

  @Test
  void exchangesAreLeftOutWholeAndOldestFirst() {
    for (int i = 0; i < 5; i++) {
      var question = says(SenderRole.CONVERSATION_USER, "question " + i, null);
      says(SenderRole.ASSISTANT, "reply " + i + " " + "long ".repeat(20), question);
    }
    var fixed = Tokens.estimate(prompt("last", PLENTY).system()) + Tokens.estimate("last");
    var exchange = Tokens.estimate("question 0") + Tokens.estimate("reply 0 " + "long ".repeat(20));

    for (int budget = fixed; budget <= fixed + 6 * exchange; budget++) {
      var messages = prompt("last", budget).messages();
      var kept = Math.min(5, (budget - fixed) / exchange);
      assertThat(messages).as("budget %d", budget).hasSize(2 * kept + 1);
      for (int i = 0; i < kept; i++) {
        assertThat(messages.get(2 * i)).isEqualTo(user("question " + (5 - kept + i)));
        assertThat(messages.get(2 * i + 1).text()).startsWith("reply " + (5 - kept + i) + " ");
      }
    }
  }

  @Test
  void theQuestionAndTheInstructionsAreNeverLeftOut() {
    says(SenderRole.CONVERSATION_USER, "before", null);

    var prompt = prompt("a question of its own", 1);

    assertThat(prompt.system()).contains("Be kind.");
    assertThat(prompt.messages()).containsExactly(user("a question of its own"));
  }

  @Test
  void anAnswerWhoseQuestionIsTooLongAgoIsLeftOutWithIt() {
    says(SenderRole.ASSISTANT, "cut in the middle", new MessageId(UUID.randomUUID()));
    var question = says(SenderRole.CONVERSATION_USER, "whole", null);
    says(SenderRole.ASSISTANT, "exchange", question);

    assertThat(prompt("last", PLENTY).messages())
        .containsExactly(user("whole"), assistant("exchange"), user("last"));
  }

  private MessageId says(SenderRole role, String text, @Nullable MessageId question) {
    var id = new MessageId(UUID.randomUUID());
    history.add(
        new Message(
            CONVERSATION,
            history.size() + 1,
            id,
            question,
            role,
            "api",
            text,
            null,
            null,
            List.of(),
            false,
            Instant.EPOCH));
    return id;
  }

  private Prompt prompt(String question, int budget) {
    return Prompt.of(
        new PromptSource("Be kind.", "Grace Hopper", null, null, " ", history, question),
        List.of(),
        budget);
  }

  private static ModelMessage user(String text) {
    return new ModelMessage(Role.USER, text);
  }

  private static ModelMessage assistant(String text) {
    return new ModelMessage(Role.ASSISTANT, text);
  }
}

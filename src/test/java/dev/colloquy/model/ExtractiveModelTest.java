package dev.colloquy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.colloquy.knowledge.Embedder;
import dev.colloquy.knowledge.GuideIndex;
import dev.colloquy.knowledge.GuideQuestions;
import dev.colloquy.knowledge.Passage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractiveModelTest {
  private static final Embedder EMBEDDER = new Embedder();
  private static final ExtractiveModel MODEL = new ExtractiveModel(EMBEDDER);
  private static GuideIndex.Search guide;

  @BeforeAll
  static void readGuide() throws Exception {
    guide = GuideIndex.search(EMBEDDER);
  }

  @Test
  void questionsThatTheGuideAnswersAreAnswered() throws Exception {
    int right = 0;
    for (var asked : GuideQuestions.ANSWERED) {
      var reply = ask(asked.question());
      boolean holds =
          reply.text().toLowerCase(Locale.ROOT).contains(asked.answer().toLowerCase(Locale.ROOT));
      right += holds && !reply.cited().isEmpty() ? 1 : 0;
      if (!holds) {
        System.out.println("missed: " + asked.question());
      }
    }
    int all = GuideQuestions.ANSWERED.size();
    System.out.printf("extractive: %d of %d answered right%n", right, all);
    assertThat(right).isGreaterThanOrEqualTo(all * 90 / 100);
  }

  @Test
  void questionsThatTheGuideDoesNotAnswerAreSaidToBeSo() throws Exception {
    int right = said(GuideQuestions.UNANSWERED);
    int all = GuideQuestions.UNANSWERED.size();
    System.out.printf("extractive: %d of %d said to be unanswered%n", right, all);
    assertThat(right).isGreaterThanOrEqualTo(all * 90 / 100);
  }

  /** Written after the threshold was chosen, and not looked at for it. */
  @Test
  void otherQuestionsOfBothKindsAreToldApart() throws Exception {
    int nothing = said(GuideQuestions.OTHER_UNANSWERED);
    int something = GuideQuestions.OTHER_ANSWERED.size() - said(GuideQuestions.OTHER_ANSWERED);
    System.out.printf("extractive, held out: %d, %d%n", something, nothing);
    assertThat(nothing).isGreaterThanOrEqualTo(GuideQuestions.OTHER_UNANSWERED.size() * 80 / 100);
    assertThat(something).isGreaterThanOrEqualTo(GuideQuestions.OTHER_ANSWERED.size() * 80 / 100);
  }

  private static int said(List<String> questions) throws Exception {
    int nothing = 0;
    for (var question : questions) {
      var reply = ask(question);
      boolean said = reply.text().equals(ExtractiveModel.NOTHING);
      assertThat(reply.cited().isEmpty()).isEqualTo(said);
      nothing += said ? 1 : 0;
      System.out.printf("%s: %s%n", said ? "nothing" : "something", question);
    }
    return nothing;
  }

  @Test
  void aCommandComesWithTheSentenceThatAnnouncesIt() throws Exception {
    var reply = ask("How do I start a conversation by SMS?");
    assertThat(reply.text())
        .startsWith(
            "From *Writing to a customer first: e-mail, SMS and voice calls* (docs/guide.md):")
        .contains("Start by SMS, with `smsIntroduction`:\n\n```sh\ncurl $COLLOQUY");
  }

  @Test
  void everyWordButTheFrameStandsInThePassages() throws Exception {
    for (var asked : GuideQuestions.ANSWERED) {
      var passages = guide.search(asked.question());
      var reply = ask(asked.question());
      for (var line : reply.text().split("\n", -1)) {
        if (!line.startsWith("From ") && !reply.text().equals(ExtractiveModel.NOTHING)) {
          assertThat(passages).anyMatch(passage -> passage.text().contains(line));
        }
      }
      assertThat(passages).containsAll(reply.cited());
      assertThat(reply.cited()).doesNotHaveDuplicates();
    }
  }

  @Test
  void thePiecesJoinedAreTheReply() throws Exception {
    var pieces = new ArrayList<String>();
    var question = "How do I take over a conversation?";
    var reply = MODEL.reply(request(guide.search(question), question), pieces::add);
    assertThat(String.join("", pieces)).isEqualTo(reply.text());
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(reply.inputTokens()).isGreaterThan(reply.outputTokens());
    assertThat(reply.outputTokens()).isPositive();
    assertThat(reply.model()).isEqualTo(ExtractiveModel.NAME);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hi", "Hello!", "Good morning", "What can you do?", "thanks", "Thank you :)"})
  void greetingsGetAWordOnWhatItIs(String greeting) throws Exception {
    var reply = ask(greeting);
    assertThat(reply.text()).contains("quoting this agent's documents", "docs/guide.md");
    assertThat(reply.cited()).isEmpty();
  }

  @Test
  void aGreetingBeforeAQuestionIsNoGreeting() throws Exception {
    assertThat(ask("Hi, how can I delete a user?").cited()).isNotEmpty();
  }

  @Test
  void aShortQuestionLeansOnTheOneBefore() throws Exception {
    var passages =
        List.of(
            passage("Install", "On Linux, run `./colloquy serve` to start the server."),
            passage("Install", "On Windows, run `colloquy.cmd serve` instead."),
            passage("Prices", "Everything is free."));
    var reply =
        MODEL.reply(
            request(passages, "How do I start the server on Linux?", "and on Windows?"), _ -> {});
    assertThat(reply.text()).contains("colloquy.cmd").doesNotContain("free");
    var other =
        MODEL.reply(
            request(passages, "How do I start the server on Linux?", "and on Mars?"), _ -> {});
    assertThat(other.text()).isEqualTo(ExtractiveModel.NOTHING);
  }

  @Test
  void withoutPassagesItSaysSo() throws Exception {
    var reply = MODEL.reply(request(List.of(), "How do I delete a user?"), _ -> {});
    assertThat(reply.text()).isEqualTo(ExtractiveModel.NOTHING);
  }

  @Test
  void jsonIsRefused() {
    var request =
        new ModelRequest(
            ExtractiveModel.NAME,
            "",
            List.of(new ModelMessage(ModelMessage.Role.USER, "hi")),
            List.of(),
            null,
            null,
            null,
            "{}",
            Duration.ofSeconds(5));
    assertThatThrownBy(() -> MODEL.reply(request, _ -> {}))
        .isInstanceOfSatisfying(
            ModelException.class,
            e -> assertThat(e.reason()).isEqualTo(ModelException.Reason.REJECTED));
  }

  private static ModelReply ask(String question) throws Exception {
    return MODEL.reply(request(guide.search(question), question), _ -> {});
  }

  private static Passage passage(String heading, String text) {
    return new Passage(new UUID(0, 2), "install.md", heading, text, 0.5);
  }

  /** A conversation of the given user's messages, with an answer to all but the last. */
  static ModelRequest request(List<Passage> passages, String... questions) {
    var messages = new ArrayList<ModelMessage>();
    for (var question : questions) {
      if (!messages.isEmpty()) {
        messages.add(new ModelMessage(ModelMessage.Role.ASSISTANT, "An answer."));
      }
      messages.add(new ModelMessage(ModelMessage.Role.USER, question));
    }
    return new ModelRequest(
        ExtractiveModel.NAME,
        "",
        messages,
        passages,
        null,
        null,
        null,
        null,
        Duration.ofSeconds(5));
  }
}

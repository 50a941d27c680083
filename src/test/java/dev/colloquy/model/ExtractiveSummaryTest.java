package dev.colloquy.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtractiveSummaryTest {
  @Test
  void anAnsweredQuestionGivesTitleSummaryAndTen() {
    var summary =
        ExtractiveSummary.of(
            talk(
                "hi",
                "Hello. I answer questions by quoting this agent's documents.",
                "How do I delete a user and the data?",
                "From *Users*:\n\nDELETE it."));
    assertThat(summary)
        .isEqualTo(
            new ExtractiveSummary(
                "How do I delete a user and the data?",
                "The person asked: “How do I delete a user and the data?”. The question was"
                    + " answered.",
                10));
  }

  @Test
  void theScoreIsTheShareOfQuestionsThatWereAnswered() {
    var summary =
        ExtractiveSummary.of(
            talk(
                "Where is my order?",
                "From *Orders*: on its way.",
                "What does a return cost?",
                ExtractiveModel.NOTHING,
                "Anybody there?"));
    assertThat(summary.score()).isEqualTo(4);
    assertThat(summary.summary())
        .contains("1 of 3 questions were answered")
        .contains("No answer was found for: “What does a return cost?”")
        .contains("No reply was given to: “Anybody there?”");
  }

  @Test
  void noRealExchangeScoresZero() {
    assertThat(ExtractiveSummary.of(List.of()))
        .isEqualTo(new ExtractiveSummary("", "Nothing was asked.", 0));
    assertThat(ExtractiveSummary.of(talk("hi", "Hello.")).score()).isZero();
    assertThat(ExtractiveSummary.of(talk("Where is my order?")).score()).isZero();
    assertThat(ExtractiveSummary.of(talk("Where?", ExtractiveModel.NOTHING)).score()).isEqualTo(1);
  }

  @Test
  void longTitlesAreCutBetweenWordsAndNeverInsideACharacter() {
    var long1 = ExtractiveSummary.of(talk("Where is my order? ".repeat(20), "There."));
    assertThat(long1.title()).hasSizeLessThanOrEqualTo(80).endsWith("order?…");
    var long2 = ExtractiveSummary.of(talk("😀".repeat(100), "There."));
    assertThat(long2.title()).hasSizeLessThanOrEqualTo(80).matches("(😀)+…");
  }

  /** Messages of user and agent by turns. */
  private static List<ModelMessage> talk(String... texts) {
    var messages = new ArrayList<ModelMessage>();
    for (int i = 0; i < texts.length; i++) {
      var role = i % 2 == 0 ? ModelMessage.Role.USER : ModelMessage.Role.ASSISTANT;
      messages.add(new ModelMessage(role, texts[i]));
    }
    return messages;
  }
}

package dev.colloquy.model;

import dev.colloquy.knowledge.Terms;
import java.util.ArrayList;
import java.util.List;

/**
 * Title, summary and score of a finished conversation, made from its own words without a language
 * model, for agents whose model is {@code builtin:extractive}. The same conversation always gives
 * the same.
 *
 * @param title the question that says most, at most 80 characters; empty where nothing was said
 * @param summary one to four sentences that quote what was asked and say whether it was answered
 * @param score 0 where nothing was asked or nobody replied; else 1 + 9 × the share of the questions
 *     that were answered, rounded. A question is answered when the next message from the agent's
 *     side is neither the built-in model's "the documents do not say" nor one of its greetings. It
 *     measures whether there was an answer, not how good it was
 */
public record ExtractiveSummary(String title, String summary, int score) {
  private static final int LONGEST_TITLE = 80;
  private static final int LONGEST_QUOTE = 120;
  private static final int QUOTED = 3;

  private record Question(String text, boolean replied, boolean answered) {}

  /** Reads the conversation's messages, oldest first. */
  public static ExtractiveSummary of(List<ModelMessage> messages) {
    var questions = questions(messages);
    return new ExtractiveSummary(title(messages, questions), summary(questions), score(questions));
  }

  private static List<Question> questions(List<ModelMessage> messages) {
    var questions = new ArrayList<Question>();
    for (int i = 0; i < messages.size(); i++) {
      var message = messages.get(i);
      if (message.role() == ModelMessage.Role.USER && !SmallTalk.is(message.text())) {
        boolean replied =
            i + 1 < messages.size() && messages.get(i + 1).role() == ModelMessage.Role.ASSISTANT;
        boolean answered =
            replied
                && !messages.get(i + 1).text().equals(ExtractiveModel.NOTHING)
                && !SmallTalk.isAnswer(messages.get(i + 1).text());
        questions.add(new Question(plain(message.text()), replied, answered));
      }
    }
    return questions;
  }

  private static String title(List<ModelMessage> messages, List<Question> questions) {
    var best = messages.isEmpty() ? "" : plain(messages.getFirst().text());
    int most = -1;
    for (var question : questions) {
      int said = Math.min(12, Terms.subject(question.text()).size());
      if (said > most) {
        most = said;
        best = question.text();
      }
    }
    return cut(best, LONGEST_TITLE);
  }

  private static String summary(List<Question> questions) {
    if (questions.isEmpty()) {
      return "Nothing was asked.";
    }
    var unanswered = questions.stream().filter(q -> q.replied() && !q.answered()).toList();
    var open = questions.stream().filter(q -> !q.replied()).toList();
    int answered = questions.size() - unanswered.size() - open.size();
    var sentences = new ArrayList<String>();
    sentences.add("The person asked: %s.".formatted(quote(questions)));
    sentences.add(
        questions.size() == 1
            ? (answered == 1 ? "The question was answered." : "The question was not answered.")
            : "%d of %d questions were answered.".formatted(answered, questions.size()));
    if (!unanswered.isEmpty() && questions.size() > 1) {
      sentences.add("No answer was found for: %s.".formatted(quote(unanswered)));
    }
    if (!open.isEmpty() && questions.size() > 1) {
      sentences.add("No reply was given to: %s.".formatted(quote(open)));
    }
    return String.join(" ", sentences);
  }

  private static String quote(List<Question> questions) {
    var quoted =
        new ArrayList<>(
            questions.stream()
                .limit(QUOTED)
                .map(question -> "“" + cut(question.text(), LONGEST_QUOTE) + "”")
                .toList());
    if (questions.size() > QUOTED) {
      quoted.add("and %d more".formatted(questions.size() - QUOTED));
    }
    return String.join(", ", quoted);
  }

  private static int score(List<Question> questions) {
    if (questions.stream().noneMatch(Question::replied)) {
      return 0;
    }
    double answered = questions.stream().filter(Question::answered).count();
    return (int) (1 + Math.round(9 * answered / questions.size()));
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** The text, or as many of its whole words as fit with "…" after them. */
  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = text.lastIndexOf(' ', most - 1);
    if (end < most / 2) {
      end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
    }
    return text.substring(0, end).stripTrailing() + "…";
  }
}

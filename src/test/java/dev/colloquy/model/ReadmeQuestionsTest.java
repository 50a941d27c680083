package dev.colloquy.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.knowledge.Embedder;
import dev.colloquy.knowledge.GuideIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says to ask is answered, over all that the demo agent knows. */
class ReadmeQuestionsTest {
  private static final Pattern QUESTION = Pattern.compile("\"([A-Z][^\"\\\\{}]*[?])\\\\?\"");

  /** Each question that the README prints, and the words of the page that answers it. */
  private static final Map<String, String> ANSWERS =
      Map.of(
          "What can you do?", "quoting this agent's documents, among them docs/",
          "How does a human take over a conversation?",
              "From *Taking over from the agent: manual mode* (docs/guide.md):");

  @Test
  void eachIsAnsweredByThePageThatAnswersIt() throws Exception {
    var embedder = new Embedder();
    var model = new ExtractiveModel(embedder);
    var manual = GuideIndex.searchManual(embedder);
    var replies = new TreeMap<String, String>();
    for (var question : ANSWERS.keySet()) {
      var request = ExtractiveModelTest.request(manual.search(question), question);
      replies.put(question, model.reply(request, _ -> {}).text());
    }
    ANSWERS.forEach(
        (question, words) -> assertThat(replies.get(question)).as(question).contains(words));
    assertThat(replies.get("How does a human take over a conversation?"))
        .startsWith("From *Taking over")
        .contains("\"mode\": \"manual\"");
  }

  @Test
  void noOtherIsPrinted() throws Exception {
    var printed =
        QUESTION
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(printed).containsExactlyInAnyOrderElementsOf(ANSWERS.keySet());
  }
}

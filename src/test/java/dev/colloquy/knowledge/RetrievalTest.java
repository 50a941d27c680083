package dev.colloquy.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** How often the right passage of docs/guide.md is found, by the whole of cutting and searching. */
class RetrievalTest {
  private static final Embedder EMBEDDER = new Embedder();

  @Test
  void theRightPassageOfTheGuideIsAmongTheFirstThree() throws Exception {
    var index = index();
    int first = 0;
    int among = 0;
    for (var asked : GuideQuestions.ANSWERED) {
      var found =
          index.search(EMBEDDER.embed(asked.question()), Terms.subject(asked.question()), 3);
      int rank = rank(found, asked);
      first += rank == 0 ? 1 : 0;
      among += rank >= 0 ? 1 : 0;
    }
    int all = GuideQuestions.ANSWERED.size();
    System.out.printf("retrieval: first %d, among three %d of %d%n", first, among, all);
    assertThat(first).isGreaterThanOrEqualTo(all * 70 / 100);
    assertThat(among).isGreaterThanOrEqualTo(all * 90 / 100);
  }

  private static int rank(List<Passage> found, GuideQuestions.Answered asked) {
    for (int i = 0; i < found.size(); i++) {
      var passage = found.get(i);
      boolean right =
          Arrays.stream(asked.heading().split("\\|")).anyMatch(passage.heading()::contains);
      if (right && holds(passage, asked.answer())) {
        return i;
      }
    }
    return -1;
  }

  private static boolean holds(Passage passage, String answer) {
    return passage.text().toLowerCase(Locale.ROOT).contains(answer.toLowerCase(Locale.ROOT));
  }

  private static Index index() throws Exception {
    return GuideIndex.of(EMBEDDER);
  }
}

package dev.colloquy.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbedderTest {
  private static final Embedder EMBEDDER = new Embedder();

  @Test
  void textsAlikeInMeaningAreNearAndOthersFar() throws InterruptedException {
    var question = EMBEDDER.embed("How do I reset my password?");
    var near = EMBEDDER.embed("I forgot my login credentials and want new ones");
    var far = EMBEDDER.embed("The train to Berlin leaves at nine");
    assertThat(Embedder.cosine(question, near)).isGreaterThan(0.5);
    assertThat(Embedder.cosine(question, far)).isLessThan(0.2);
  }

  @Test
  void vectorsHaveLengthOneAndDoNotDependOnTheThread() throws Exception {
    var texts = IntStream.range(0, 40).mapToObj(i -> "text number " + i).toList();
    var alone = EMBEDDER.embedAll(texts);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var together =
          callers.invokeAll(
              texts.stream()
                  .map(text -> (java.util.concurrent.Callable<float[]>) () -> EMBEDDER.embed(text))
                  .toList());
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i).resultNow()).isEqualTo(alone.get(i));
        assertThat(Embedder.cosine(alone.get(i), alone.get(i))).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void emptyAndVeryLongTextsHaveVectors() throws InterruptedException {
    var vectors = EMBEDDER.embedAll(List.of("", " \n", "\ud83d", "word ".repeat(100_000)));
    assertThat(vectors).allSatisfy(v -> assertThat(v).hasSize(Embedder.DIMENSIONS));
  }
}

package dev.colloquy.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.colloquy.testing.Generated;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our tokenizer gives the ids that the model's reference tokenizer gives. */
class WordPiecesTest {
  private static final WordPieces PIECES = WordPieces.load();
  private static final HuggingFaceTokenizer REFERENCE = reference();

  // Scripts that were complete long ago: the reference knows an older Unicode than Java does.
  // Square brackets could spell the reference's special marks, which text must not be able to do.
  private static final List<List<String>> SCRIPTS =
      List.of(
          List.of("!~", "!~", "!~", "  ", "\t\n"),
          List.of("\u00a0\u04ff", "\u00a0\u04ff", "\u00a0\u04ff", "  "),
          List.of("\u2010\u2027", "\u2190\u2bff", "  ", "aa", "éé"),
          List.of("\u3040\u30ff", "\u4e00\u9fff", "\uac00\ud7a3", "  "));

  private static HuggingFaceTokenizer reference() {
    try (var file =
        WordPiecesTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      return HuggingFaceTokenizer.newInstance(
          file, Map.of("padding", "false", "truncation", "false"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anyTextIsCutAsTheReferenceDoes() {
    Generated.tries(
        3000,
        random -> {
          var ranges = Generated.oneOf(random, SCRIPTS);
          var text = Generated.text(random, 80, ranges).replaceAll("[\\[\\]]", "x");
          assertThat(PIECES.encode(text, 100_000)).isEqualTo(REFERENCE.encode(text).getIds());
        });
  }

  @Test
  void sentencesAreCutAsTheReferenceDoes() {
    var text =
        """
        Ångström's café: `colloquy.data-dir` = "./data" (naïve) — 你好, ΣΊΣΥΦΟΣ İstanbul ﬁne 10 €;
        https://example.com/external/users?x=1&y=%20 👩‍👩‍👧 pneumonoultramicroscopic…
        """;
    assertThat(PIECES.encode(text, 100_000)).isEqualTo(REFERENCE.encode(text).getIds());
  }
}

package dev.colloquy.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Our tokenizer gives the ids that the model's reference tokenizer gives. */
class WordPiecesTest {
  private static final WordPieces PIECES = WordPieces.load();
  private static final HuggingFaceTokenizer REFERENCE = reference();

  private static HuggingFaceTokenizer reference() {
    try (var file =
        WordPiecesTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      return HuggingFaceTokenizer.newInstance(
          file, Map.of("padding", "false", "truncation", "false"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Property(tries = 3000)
  void anyTextIsCutAsTheReferenceDoes(@ForAll("texts") String text) {
    assertThat(PIECES.encode(text, 100_000)).isEqualTo(REFERENCE.encode(text).getIds());
  }

  @Property(tries = 1)
  void sentencesAreCutAsTheReferenceDoes() {
    var text =
        """
        Ångström's café: `colloquy.data-dir` = "./data" (naïve) — 你好, ΣΊΣΥΦΟΣ İstanbul ﬁne 10 €;
        https://example.com/external/users?x=1&y=%20 👩‍👩‍👧 pneumonoultramicroscopic…
        """;
    assertThat(PIECES.encode(text, 100_000)).isEqualTo(REFERENCE.encode(text).getIds());
  }

  @Provide
  Arbitrary<String> texts() {
    // Scripts that were complete long ago: the reference knows an older Unicode than Java does.
    // Square brackets could spell the reference's special marks, which text must not be able to do.
    return Arbitraries.oneOf(
            Arbitraries.strings().withCharRange('!', '~').withChars(" \t\n").ofMaxLength(80),
            Arbitraries.strings().withCharRange('\u00a0', '\u04ff').withChars(' ').ofMaxLength(60),
            Arbitraries.strings()
                .withCharRange('\u2010', '\u2027')
                .withCharRange('\u2190', '\u2bff')
                .withChars(" aé")
                .ofMaxLength(60),
            Arbitraries.strings()
                .withCharRange('\u3040', '\u30ff')
                .withCharRange('\u4e00', '\u9fff')
                .withCharRange('\uac00', '\ud7a3')
                .withChars(' ')
                .ofMaxLength(40))
        .map(text -> text.replaceAll("[\\[\\]]", "x"));
  }
}

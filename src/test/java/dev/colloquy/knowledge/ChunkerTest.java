package dev.colloquy.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Generated;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static final WordPieces PIECES = WordPieces.load();
  private static final Chunker CHUNKER =
      new Chunker(text -> PIECES.count(text, Chunker.MOST_PIECES + 1));
  private static final List<String> EMOJI = List.of("👩‍👩‍👧", "🇩🇪", "é");
  private static final List<String> WORDS =
      List.of(
          "alpha",
          "beta.",
          "gamma",
          "colloquy.data-dir",
          "Ωmega!",
          "😀",
          "naïve",
          "x".repeat(700),
          "你好世界。",
          "\ud800",
          "`code`",
          "$FOO",
          "1.",
          "end?");

  @Test
  void nothingIsLostAndTheOrderIsKept() {
    Generated.tries(100, random -> assertNothingIsLost(document(random)));
  }

  private static void assertNothingIsLost(String document) {
    var chunks = CHUNKER.chunks(document);
    var kept =
        chunks.stream()
            .map(chunk -> chunk.heading() + "\n" + chunk.text())
            .collect(Collectors.joining("\n"));
    assertThat(isSubsequence(visible(Markdown.clean(document)), visible(kept))).isTrue();
  }

  @Test
  void everyChunkIsReadWholeByTheModel() {
    Generated.tries(100, random -> assertChunksAreReadWhole(document(random)));
  }

  private static void assertChunksAreReadWhole(String document) {
    for (var chunk : CHUNKER.chunks(document)) {
      assertThat(chunk.text()).isNotBlank().hasSizeLessThanOrEqualTo(8 * Chunker.MOST_PIECES);
      assertThat(PIECES.count(CHUNKER.embedded("file.md", chunk), 1_000))
          .isLessThanOrEqualTo(Embedder.MOST_PIECES);
    }
  }

  @Test
  void noVisibleCharacterIsCut() {
    Generated.tries(
        200,
        random -> {
          var emoji = Generated.joined(random, 500, 1500, "", () -> Generated.oneOf(random, EMOJI));
          for (var chunk : CHUNKER.chunks(emoji)) {
            assertThat(chunk.text().replaceAll(String.join("|", EMOJI), "")).isEmpty();
          }
        });
  }

  @Test
  void codeStaysWithTheSentenceThatAnnouncesIt() {
    var filler = "Some words that fill the chunk nearly up. ".repeat(22);
    var chunks =
        CHUNKER.chunks("# Start\n\n" + filler + "\n\nThen run this:\n\n```sh\nrun --all\n```\n");
    assertThat(chunks).hasSize(2);
    assertThat(chunks.getLast())
        .isEqualTo(new Chunk("Start", "Then run this:\n\n```sh\nrun --all\n```"));
  }

  @Test
  void longCodeAndTablesAreWholeAgainInEachPart() {
    var code = "```java\n" + "  call(something, other);\n".repeat(80) + "```";
    assertThat(CHUNKER.chunks(code))
        .hasSizeGreaterThan(2)
        .allSatisfy(
            chunk -> assertThat(chunk.text()).startsWith("```java\n  call").endsWith("```"));
    var table = "| a | b |\n|---|---|\n" + "| one word | another word |\n".repeat(60);
    assertThat(CHUNKER.chunks(table))
        .hasSizeGreaterThan(2)
        .allSatisfy(chunk -> assertThat(chunk.text()).startsWith("| a | b |\n|---|---|\n| one"));
  }

  @Test
  void onlyACutParagraphOverlaps() {
    var sentences = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      sentences.append("This is sentence number ").append(i).append(" of them. ");
    }
    var chunks = CHUNKER.chunks(sentences.toString());
    for (int i = 1; i < chunks.size(); i++) {
      var before = chunks.get(i - 1).text();
      var last = before.substring(before.lastIndexOf("This is"));
      assertThat(chunks.get(i).text()).startsWith(last);
    }
    assertThat(chunks).hasSizeGreaterThan(2);
  }

  @Test
  void headingsOfBothKindsMakeThePath() {
    var chunks =
        CHUNKER.chunks("Guide\r\n=====\r\n\r\n## One ##\r\ntext\r\n### Deep\r\nmore\r\n## Two\r\n");
    assertThat(chunks)
        .isEqualTo(
            List.of(
                new Chunk("Guide > One", "text"),
                new Chunk("Guide > One > Deep", "more"),
                new Chunk("Guide > Two", "Two")));
  }

  @Test
  void fiveMegabytesInOneLineAreCutInSeconds() {
    var started = System.nanoTime();
    assertThat(CHUNKER.chunks("x".repeat(5_000_000))).hasSizeGreaterThan(3_000);
    assertThat(CHUNKER.chunks("some words and more ".repeat(250_000))).hasSizeGreaterThan(4_000);
    assertThat((System.nanoTime() - started) / 1_000_000_000).isLessThan(30);
  }

  private static String visible(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}\\p{So}]", "");
  }

  private static boolean isSubsequence(String part, String whole) {
    int at = 0;
    for (int i = 0; i < whole.length() && at < part.length(); i++) {
      at += whole.charAt(i) == part.charAt(at) ? 1 : 0;
    }
    return at == part.length();
  }

  private static String document(RandomGenerator random) {
    var end = Generated.oneOf(random, List.of("\n\n", "\r\n\r\n", "\n"));
    return Generated.joined(random, 0, 12, end, () -> block(random));
  }

  private static String block(RandomGenerator random) {
    return switch (random.nextInt(7)) {
      case 0 -> line(random);
      case 1 -> "## " + line(random);
      case 2 -> "# " + Generated.oneOf(random, WORDS);
      case 3 -> "- " + lines(random, "\n- ");
      case 4 -> "```sh\n" + lines(random, "\n") + "\n```";
      case 5 -> "~~~\n" + lines(random, "\n");
      default -> "| h |\n|---|\n| " + lines(random, " |\n| ") + " |";
    };
  }

  private static String lines(RandomGenerator random, String separator) {
    return Generated.joined(random, 1, 12, separator, () -> line(random));
  }

  private static String line(RandomGenerator random) {
    return Generated.joined(random, 1, 60, " ", () -> Generated.oneOf(random, WORDS));
  }
}

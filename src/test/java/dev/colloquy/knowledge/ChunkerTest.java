package dev.colloquy.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChunkerTest {
  private static final WordPieces PIECES = WordPieces.load();
  private static final Chunker CHUNKER =
      new Chunker(text -> PIECES.count(text, Chunker.MOST_PIECES + 1));

  @Property(tries = 100)
  void nothingIsLostAndTheOrderIsKept(@ForAll("documents") String document) {
    var chunks = CHUNKER.chunks(document);
    var kept =
        chunks.stream()
            .map(chunk -> chunk.heading() + "\n" + chunk.text())
            .collect(Collectors.joining("\n"));
    assertThat(isSubsequence(visible(Markdown.clean(document)), visible(kept))).isTrue();
  }

  @Property(tries = 100)
  void everyChunkIsReadWholeByTheModel(@ForAll("documents") String document) {
    for (var chunk : CHUNKER.chunks(document)) {
      assertThat(chunk.text()).isNotBlank().hasSizeLessThanOrEqualTo(8 * Chunker.MOST_PIECES + 7);
      assertThat(PIECES.count(CHUNKER.embedded("file.md", chunk), 1_000))
          .isLessThanOrEqualTo(Embedder.MOST_PIECES);
    }
  }

  @Property(tries = 200)
  void noVisibleCharacterIsCut(@ForAll("emoji") String emoji) {
    for (var chunk : CHUNKER.chunks(emoji)) {
      assertThat(chunk.text().replace("👩‍👩‍👧", "").replace("🇩🇪", "").replace("é", ""))
          .isEmpty();
    }
  }

  @Example
  void codeStaysWithTheSentenceThatAnnouncesIt() {
    var filler = "Some words that fill the chunk nearly up. ".repeat(22);
    var chunks =
        CHUNKER.chunks("# Start\n\n" + filler + "\n\nThen run this:\n\n```sh\nrun --all\n```\n");
    assertThat(chunks).hasSize(2);
    assertThat(chunks.getLast())
        .isEqualTo(new Chunk("Start", "Then run this:\n\n```sh\nrun --all\n```"));
  }

  @Example
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

  @Example
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

  @Example
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

  @Example
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

  @Provide
  Arbitrary<String> documents() {
    var words =
        Arbitraries.of(
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
    var line = words.list().ofMinSize(1).ofMaxSize(60).map(list -> String.join(" ", list));
    var lines = line.list().ofMinSize(1).ofMaxSize(12);
    Arbitrary<String> block =
        Arbitraries.oneOf(
            line,
            line.map(text -> "## " + text),
            words.map(text -> "# " + text),
            lines.map(list -> "- " + String.join("\n- ", list)),
            lines.map(list -> "```sh\n" + String.join("\n", list) + "\n```"),
            lines.map(list -> "~~~\n" + String.join("\n", list)),
            lines.map(list -> "| h |\n|---|\n| " + String.join(" |\n| ", list) + " |"));
    return block
        .list()
        .ofMaxSize(12)
        .flatMap(blocks ->
            Arbitraries.of("\n\n", "\r\n\r\n", "\n").map(end -> String.join(end, blocks)));
  }

  @Provide
  Arbitrary<String> emoji() {
    return Arbitraries.of("👩‍👩‍👧", "🇩🇪", "é")
        .list()
        .ofMinSize(500)
        .ofMaxSize(1500)
        .map(list -> String.join("", list));
  }
}

package dev.colloquy.knowledge;

import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** docs/guide.md from the build, cut and embedded, without a database. */
public final class GuideIndex {
  private static final UUID DOCUMENT = new UUID(0, 1);

  private GuideIndex() {}

  static Index of(Embedder embedder) throws IOException, InterruptedException {
    var guide =
        Manual.documents().stream()
            .filter(page -> page.name().equals("docs/guide.md"))
            .findFirst()
            .orElseThrow();
    var chunker = new Chunker(text -> embedder.count(text, Chunker.MOST_PIECES + 1));
    var index = new Index.Builder();
    for (var chunk : chunker.chunks(guide.text())) {
      index.add(
          new Index.Entry(DOCUMENT, guide.name(), chunk.heading(), chunk.text()),
          Direction.of(embedder.embed(chunker.embedded(guide.name(), chunk))));
    }
    return index.build(1);
  }

  /** Searches the guide. */
  @FunctionalInterface
  public interface Search {
    List<Passage> search(String question) throws InterruptedException;
  }

  /** A search of the guide as {@link Knowledge} does it. */
  public static Search search(Embedder embedder) throws IOException, InterruptedException {
    var index = of(embedder);
    return question -> index.search(embedder.embed(question), Terms.subject(question), 5);
  }
}

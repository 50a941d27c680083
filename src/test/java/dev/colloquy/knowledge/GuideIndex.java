package dev.colloquy.knowledge;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** docs/guide.md from the build, cut and embedded, without a database. */
public final class GuideIndex {
  private static final UUID DOCUMENT = new UUID(0, 1);

  private GuideIndex() {}

  static Index of(Embedder embedder) throws IOException, InterruptedException {
    return of(embedder, page -> page.name().equals("docs/guide.md"));
  }

  private static Index of(Embedder embedder, Predicate<Manual.Page> wanted)
      throws IOException, InterruptedException {
    var chunker = new Chunker(text -> embedder.count(text, Chunker.MOST_PIECES + 1));
    var index = new Index.Builder();
    for (var page : Manual.documents().stream().filter(wanted).toList()) {
      for (var chunk : chunker.chunks(page.text())) {
        index.add(
            new Index.Entry(DOCUMENT, page.name(), chunk.heading(), chunk.text()),
            Direction.of(embedder.embed(chunker.embedded(page.name(), chunk))));
      }
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

  /** A search of the whole manual, as the demo agent has it. */
  public static Search searchManual(Embedder embedder) throws IOException, InterruptedException {
    var index = of(embedder, _ -> true);
    return question -> index.search(embedder.embed(question), Terms.subject(question), 5);
  }
}

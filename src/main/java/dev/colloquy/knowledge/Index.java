package dev.colloquy.knowledge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * All chunks of one agent, in memory, with their vectors and words. Immutable once built.
 *
 * <p>Search looks at every vector: 10,000 chunks take a few milliseconds, and no index has to be
 * built or trusted.
 */
final class Index {
  /** How much the words count beside the meaning; found by the retrieval test. */
  private static final double WORDS = 0.5;

  private final long version;
  private final List<Entry> entries;
  private final byte[] vectors;
  private final float[] lengths;
  private final Map<String, int[]> occurrences;
  private final long bytes;

  /** A chunk as it is stored. */
  record Entry(UUID documentId, String documentName, String heading, String text) {}

  private Index(
      long version,
      List<Entry> entries,
      byte[] vectors,
      float[] lengths,
      Map<String, int[]> occurrences,
      long bytes) {
    this.version = version;
    this.entries = entries;
    this.vectors = vectors;
    this.lengths = lengths;
    this.occurrences = occurrences;
    this.bytes = bytes;
  }

  /** The version of the agent's knowledge that this holds. */
  long version() {
    return version;
  }

  /** Memory held, in bytes, roughly. */
  long bytes() {
    return bytes;
  }

  /**
   * The chunks that fit best, best first.
   *
   * @param question the question's vector
   * @param terms the question's words
   * @param most how many at most
   */
  List<Passage> search(float[] question, List<String> terms, int most) {
    var direction = Direction.of(question);
    float length = Direction.length(direction, 0);
    var words = wordScores(terms);
    // Holds the best seen so far, the worst of them first.
    var best = new PriorityQueue<Hit>(Comparator.comparingDouble(Hit::score));
    for (int i = 0; i < lengths.length; i++) {
      int product = Direction.product(vectors, i * Embedder.DIMENSIONS, direction);
      double similar = product / Math.max(1e-9, (double) length * lengths[i]);
      double score = similar + WORDS * words[i];
      if (best.size() < most) {
        best.add(new Hit(i, similar, score));
      } else if (most > 0 && score > best.element().score()) {
        best.remove();
        best.add(new Hit(i, similar, score));
      }
    }
    return best.stream()
        .sorted(Comparator.comparingDouble(Hit::score).reversed().thenComparingInt(Hit::position))
        .map(hit -> passage(entries.get(hit.position()), hit.similar()))
        .toList();
  }

  private record Hit(int position, double similar, double score) {}

  private static Passage passage(Entry entry, double score) {
    return new Passage(
        entry.documentId(), entry.documentName(), entry.heading(), entry.text(), score);
  }

  /**
   * For each chunk the share, from 0 to 1, of the question's words that it holds; rare words weigh
   * more, by the logarithm of how rare they are (inverse document frequency).
   */
  private float[] wordScores(List<String> terms) {
    var scores = new float[entries.size()];
    double all = 0;
    for (var term : terms) {
      var places = occurrences.getOrDefault(term, new int[0]);
      double rarity = Math.log(1 + (entries.size() + 0.5) / (places.length + 0.5));
      all += rarity;
      for (int place : places) {
        scores[place] += (float) rarity;
      }
    }
    for (int i = 0; i < scores.length && all > 0; i++) {
      scores[i] /= (float) all;
    }
    return scores;
  }

  /** Collects chunks in any order. Used by one thread. */
  static final class Builder {
    private final List<Entry> entries = new ArrayList<>();
    private byte[] vectors = new byte[64 * Embedder.DIMENSIONS];
    private final Map<String, Places> places = new HashMap<>();
    private long textBytes;

    /** Positions of one word, as a growing array. */
    private static final class Places {
      private int[] values = new int[2];
      private int size;
    }

    void add(Entry entry, byte[] vector) {
      int from = entries.size() * Embedder.DIMENSIONS;
      if (from + Embedder.DIMENSIONS > vectors.length) {
        vectors = Arrays.copyOf(vectors, vectors.length * 2);
      }
      System.arraycopy(vector, 0, vectors, from, Embedder.DIMENSIONS);
      var words =
          Terms.subject(entry.documentName() + "\n" + entry.heading() + "\n" + entry.text());
      for (var word : words) {
        add(places.computeIfAbsent(word, _ -> new Places()), entries.size());
      }
      entries.add(entry);
      textBytes += 200 + 2L * (entry.heading().length() + entry.text().length());
    }

    private static void add(Places places, int position) {
      if (places.size == places.values.length) {
        places.values = Arrays.copyOf(places.values, places.size * 2);
      }
      places.values[places.size++] = position;
    }

    Index build(long version) {
      var exact = Arrays.copyOf(vectors, entries.size() * Embedder.DIMENSIONS);
      var lengths = new float[entries.size()];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = Direction.length(exact, i * Embedder.DIMENSIONS);
      }
      var occurrences = HashMap.<String, int[]>newHashMap(places.size());
      long bytes = textBytes + exact.length;
      for (var word : places.entrySet()) {
        var list = Arrays.copyOf(word.getValue().values, word.getValue().size);
        occurrences.put(word.getKey(), list);
        bytes += 120 + 4L * list.length;
      }
      return new Index(version, List.copyOf(entries), exact, lengths, occurrences, bytes);
    }
  }
}

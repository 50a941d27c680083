package dev.colloquy.knowledge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into vectors whose product says how alike two texts are in meaning.
 *
 * <p>Safe for many threads. The work is done by one platform thread for each core, whatever the
 * number of callers: a virtual thread that waits here holds nothing, and one that computed would
 * hold its carrier. The model is loaded on first use (half a second) or by {@link #warmUp}.
 */
@Singleton
public final class Embedder {
  /** Numbers in a vector. */
  public static final int DIMENSIONS = MiniLm.DIMENSIONS;

  /** Word pieces of a text that count; the rest is not seen. */
  public static final int MOST_PIECES = MiniLm.MOST_PIECES - 2;

  /** Longest text whose vector is remembered, in characters. */
  private static final int REMEMBERED_TEXT = 2_000;

  private static final int REMEMBERED_BYTES = 16 << 20;
  private final int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          threads, Thread.ofPlatform().daemon().name("embedder-", 0).factory());
  private final Cache<String, float[]> remembered =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED_BYTES)
          .weigher((String text, float[] vector) -> 4 * vector.length + 2 * text.length() + 64)
          .build();
  private final Object loading = new Object();
  private volatile @Nullable Loaded loaded;

  private record Loaded(MiniLm model, WordPieces pieces) {}

  /** Loads the model in the background, so that the first question need not wait for it. */
  public void warmUp() {
    var _ = workers.submit(this::loaded);
  }

  /**
   * The vector of a text that is likely to come again: a question, a sentence of a document.
   *
   * @return {@value #DIMENSIONS} numbers of length 1 together; not to be changed
   * @throws IllegalStateException where the model cannot be loaded; the message says what to do
   */
  public float[] embed(String text) throws InterruptedException {
    var known = remembered.getIfPresent(text);
    if (known != null) {
      return known;
    }
    var vector = await(workers.submit(() -> compute(text)));
    if (text.length() <= REMEMBERED_TEXT) {
      remembered.put(text, vector);
    }
    return vector;
  }

  /**
   * The vectors of many texts, in their order. Questions asked meanwhile wait for a few texts, not
   * for all.
   *
   * @throws IllegalStateException as {@link #embed}
   */
  public List<float[]> embedAll(List<String> texts) throws InterruptedException {
    var vectors = new ArrayList<float[]>(texts.size());
    for (int from = 0; from < texts.size(); from += threads) {
      var slice = texts.subList(from, Math.min(texts.size(), from + threads));
      var futures = slice.stream().map(text -> workers.submit(() -> compute(text))).toList();
      for (var future : futures) {
        vectors.add(await(future));
      }
    }
    return vectors;
  }

  /**
   * How many word pieces the text has, counted up to a limit; the model's own measure of length.
   */
  public int count(CharSequence text, int limit) {
    return loaded().pieces.count(text, limit);
  }

  /** How alike two vectors of this class are: cosine, from -1 to 1. */
  public static double cosine(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  @PreDestroy
  void close() {
    workers.shutdownNow();
  }

  private float[] compute(String text) {
    var ready = loaded();
    return ready.model.embed(ready.pieces.encode(text, MiniLm.MOST_PIECES));
  }

  private Loaded loaded() {
    var ready = loaded;
    if (ready == null) {
      synchronized (loading) {
        ready = loaded;
        if (ready == null) {
          ready = new Loaded(MiniLm.load(), WordPieces.load());
          loaded = ready;
        }
      }
    }
    return ready;
  }

  private static float[] await(Future<float[]> vector) throws InterruptedException {
    try {
      return vector.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalStateException cause) {
        throw new IllegalStateException(cause.getMessage(), cause);
      }
      throw new IllegalStateException("the embedding model failed", e);
    }
  }
}

package dev.colloquy.knowledge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Cuts text into the word pieces that the embedding model was trained on (BERT, uncased).
 *
 * <p>Written here because the library's tokenizer is native code that unpacks 14 MB into the home
 * folder, looks for a GPU, downloads a library when it finds one, and reads no more than 128
 * pieces. A test compares the two on generated text. Immutable, safe for many threads.
 */
final class WordPieces {
  private static final int LONGEST_WORD = 100;
  private final Map<String, Integer> vocabulary;
  private final int unknown;
  private final int start;
  private final int end;

  private WordPieces(Map<String, Integer> vocabulary) {
    this.vocabulary = vocabulary;
    this.unknown = require("[UNK]");
    this.start = require("[CLS]");
    this.end = require("[SEP]");
  }

  /** Reads the vocabulary from the class path. */
  static WordPieces load() {
    var vocabulary = HashMap.<String, Integer>newHashMap(31_000);
    try (var file = WordPieces.class.getResourceAsStream("/bert-vocabulary-en.txt")) {
      if (file == null) {
        throw new IllegalStateException(
            "the embedding model's vocabulary is missing from the build");
      }
      var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        vocabulary.put(line, vocabulary.size());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new WordPieces(vocabulary);
  }

  /**
   * The ids of the text's pieces between the marks for start and end.
   *
   * @param most the most ids to give, the two marks included; the text's rest is left out
   */
  long[] encode(CharSequence text, int most) {
    var ids = new Ids(most - 1);
    ids.add(start);
    collect(text, ids);
    ids.limit = most;
    ids.add(end);
    return Arrays.copyOf(ids.values, ids.size);
  }

  /** How many pieces the text has, without the marks for start and end, counted up to a limit. */
  int count(CharSequence text, int limit) {
    var ids = new Ids(limit);
    collect(text, ids);
    return ids.size;
  }

  private void collect(CharSequence text, Ids ids) {
    var plain = Normalizer.normalize(text, Normalizer.Form.NFD);
    var word = new StringBuilder();
    for (int at = 0; at < plain.length() && !ids.full(); ) {
      int point = plain.codePointAt(at);
      at += Character.charCount(point);
      if (isSpace(point)) {
        flush(word, ids);
      } else if (isPunctuation(point) || isChinese(point)) {
        flush(word, ids);
        word.appendCodePoint(point);
        flush(word, ids);
      } else if (isKept(point)) {
        word.append(Character.toString(point).toLowerCase(java.util.Locale.ROOT));
      }
    }
    flush(word, ids);
  }

  private void flush(StringBuilder word, Ids ids) {
    if (!word.isEmpty()) {
      addPieces(word.toString(), ids);
      word.setLength(0);
    }
  }

  /** Longest piece first; a word with a part that is no piece is unknown as a whole. */
  private void addPieces(String word, Ids ids) {
    if (word.codePointCount(0, word.length()) > LONGEST_WORD) {
      ids.add(unknown);
      return;
    }
    int before = ids.size;
    for (int from = 0; from < word.length(); ) {
      int to = word.length();
      Integer id = null;
      while (to > from && id == null) {
        var piece = word.substring(from, to);
        id = vocabulary.get(from == 0 ? piece : "##" + piece);
        to -= id == null ? 1 : 0;
      }
      if (id == null) {
        ids.size = before;
        ids.add(unknown);
        return;
      }
      ids.add(id);
      from = to;
    }
  }

  private int require(String mark) {
    var id = vocabulary.get(mark);
    if (id == null) {
      throw new IllegalStateException("the embedding model's vocabulary has no " + mark);
    }
    return id;
  }

  private static boolean isSpace(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85;
  }

  private static boolean isKept(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.NON_SPACING_MARK ->
          false;
      default -> point != 0xFFFD;
    };
  }

  private static boolean isPunctuation(int point) {
    if (point < 128) {
      return point > ' ' && point < 127 && !Character.isLetterOrDigit(point);
    }
    return switch (Character.getType(point)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isChinese(int point) {
    return (point >= 0x4E00 && point <= 0x9FFF)
        || (point >= 0x3400 && point <= 0x4DBF)
        || (point >= 0x20000 && point <= 0x2CEAF)
        || (point >= 0xF900 && point <= 0xFAFF)
        || (point >= 0x2F800 && point <= 0x2FA1F);
  }

  /** A growing list of ids with a bound: what does not fit is left out. */
  private static final class Ids {
    private long[] values = new long[64];
    private int size;
    private int limit;

    private Ids(int limit) {
      this.limit = limit;
    }

    private boolean full() {
      return size >= limit;
    }

    private void add(long id) {
      if (full()) {
        return;
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = id;
    }
  }
}

package dev.colloquy.model;

import dev.colloquy.knowledge.Block;
import dev.colloquy.knowledge.Embedder;
import dev.colloquy.knowledge.Markdown;
import dev.colloquy.knowledge.Passage;
import dev.colloquy.knowledge.Terms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds in passages the paragraphs, list items, table rows and code that answer a question.
 *
 * <p>Each such unit is scored by meaning (cosine of its vector with the question's) and by words
 * (the share of the question's subject words that it or its heading holds). Safe for many threads.
 */
final class QuoteFinder {
  /** How much the words count beside the meaning. */
  static final double WORDS = 0.35;

  /** What an item or row gains that begins with a word of the question, as a definition does. */
  private static final double DEFINES = 0.1;

  /** What code gains where the question asks how. */
  private static final double SHOWS_HOW = 0.1;

  /** What each better passage, and each block above, is ahead. */
  private static final double EARLIER = 0.02;

  private static final Pattern HOW =
      Pattern.compile(
          "(?i).*\\b(how (do|can|could|would|should|to)|can (i|you|it|the)|example)\\b.*");

  private static final int MOST_PASSAGES = 5;
  private static final int MOST_UNITS = 48;
  private static final int LONG_PARAGRAPH = 500;
  private static final int SHORT_LIST = 700;
  private final Embedder embedder;

  QuoteFinder(Embedder embedder) {
    this.embedder = embedder;
  }

  /**
   * A part of a passage as it can be quoted.
   *
   * @param passage where it stands
   * @param span what is quoted: the unit with what belongs to it, such as code that it announces
   * @param meaning cosine of the unit and the question
   * @param words share of the question's subject words found, from 0 to 1
   * @param fit what its form adds or takes: see {@link #fit}
   */
  record Quote(Passage passage, Span span, double meaning, double words, double fit) {

    String text() {
      return span.text;
    }

    /** Whether some of this would be said twice beside the other. */
    boolean overlaps(Quote other) {
      return text().contains(other.text())
          || other.text().contains(text())
          || (passage.equals(other.passage)
              && span.first <= other.span.last
              && other.span.first <= span.last);
    }

    /** How far it answers the question; what counts for saying anything at all. */
    double evidence() {
      return meaning + WORDS * words;
    }

    /** The order of quotes. */
    double score() {
      return evidence() + fit;
    }
  }

  /** Text of a passage's blocks from the first to the last position. */
  record Span(int first, int last, String text) {}

  /** A question, read once for all units. */
  private static final class Question {
    private final float[] vector;
    private final List<String> terms;
    private final boolean asksHow;

    private Question(float[] vector, List<String> terms, boolean asksHow) {
      this.vector = vector;
      this.terms = terms;
      this.asksHow = asksHow;
    }
  }

  private record Unit(Passage passage, int rank, List<Block> blocks, int position, String text) {
    String heading() {
      int outer = passage.heading().lastIndexOf(" > ");
      return outer < 0 ? passage.heading() : passage.heading().substring(outer + 3);
    }
  }

  /** The quotes that fit the question, best first, however badly they fit. */
  List<Quote> find(String question, List<Passage> passages) throws InterruptedException {
    var asked =
        new Question(
            embedder.embed(question),
            Terms.subject(question),
            HOW.matcher(question.replace('\n', ' ')).matches());
    var units = new ArrayList<Unit>();
    for (int rank = 0; rank < Math.min(MOST_PASSAGES, passages.size()); rank++) {
      addUnits(passages.get(rank), rank, units);
    }
    var quotes = new ArrayList<Quote>();
    for (var unit : units.subList(0, Math.min(MOST_UNITS, units.size()))) {
      quotes.add(quote(unit, asked));
    }
    quotes.sort(Comparator.comparingDouble(Quote::score).reversed());
    return quotes;
  }

  private Quote quote(Unit unit, Question question) throws InterruptedException {
    var span = quoted(unit);
    var withHeading = unit.heading() + "\n" + span.text;
    double meaning = Embedder.cosine(question.vector, embedder.embed(withHeading));
    double words = (share(question.terms, span.text) + share(question.terms, withHeading)) / 2;
    return new Quote(unit.passage, span, meaning, words, fit(unit, span.text, question));
  }

  private static double fit(Unit unit, String quoted, Question question) {
    var kind = unit.blocks.get(unit.position).kind();
    double fit = -EARLIER * (unit.rank + unit.position);
    if (kind == Block.Kind.LIST || kind == Block.Kind.TABLE) {
      var row = unit.text.substring(unit.text.lastIndexOf('\n') + 1);
      boolean defines =
          Terms.of(kind == Block.Kind.TABLE ? row : unit.text).stream()
              .limit(2)
              .anyMatch(question.terms::contains);
      fit += defines ? DEFINES : 0;
    }
    return question.asksHow && quoted.contains("```") ? fit + SHOWS_HOW : fit;
  }

  /** The share of the terms that the text holds, from 0 to 1; 0 where there are no terms. */
  static double share(List<String> terms, String text) {
    Set<String> words = new HashSet<>(Terms.of(text));
    long held = terms.stream().filter(words::contains).count();
    return terms.isEmpty() ? 0 : (double) held / terms.size();
  }

  private static void addUnits(Passage passage, int rank, List<Unit> units) {
    var blocks = Markdown.blocks(passage.text());
    for (int i = 0; i < blocks.size(); i++) {
      for (var text : parts(blocks.get(i))) {
        units.add(new Unit(passage, rank, blocks, i, text));
      }
    }
  }

  private static List<String> parts(Block block) {
    return switch (block.kind()) {
      case CODE -> List.of(block.text());
      case LIST -> List.of(block.text().split("\\n(?=(?:[-*+]|\\d{1,9}[.)]) )", -1));
      case TABLE -> rows(block.text());
      case PARAGRAPH ->
          block.text().length() <= LONG_PARAGRAPH ? List.of(block.text()) : sentences(block.text());
    };
  }

  private static List<String> rows(String table) {
    var lines = table.split("\n", -1);
    boolean headed = lines.length > 2 && lines[1].matches("[\\s|:-]+");
    var rows = new ArrayList<String>();
    for (int i = headed ? 2 : 0; i < lines.length; i++) {
      rows.add((headed ? lines[0] + "\n" + lines[1] + "\n" : "") + lines[i]);
    }
    return rows;
  }

  /** Pairs of neighbouring sentences, so that none is quoted without its neighbour. */
  private static List<String> sentences(String paragraph) {
    var sentences = paragraph.split("(?<=[.!?…])\\s+", -1);
    var pairs = new ArrayList<String>();
    for (int i = 0; i < sentences.length; i += 2) {
      pairs.add(i + 1 < sentences.length ? sentences[i] + " " + sentences[i + 1] : sentences[i]);
    }
    return pairs;
  }

  /** The unit with its neighbours that it cannot be understood without. */
  private static Span quoted(Unit unit) {
    var block = unit.blocks.get(unit.position);
    var before = unit.position > 0 ? unit.blocks.get(unit.position - 1) : null;
    var after = unit.position + 1 < unit.blocks.size() ? unit.blocks.get(unit.position + 1) : null;
    int at = unit.position;
    var text = unit.text;
    boolean announced = before != null && announces(before, block);
    if ((block.kind() == Block.Kind.LIST || (block.kind() == Block.Kind.TABLE && announced))
        && block.text().length() <= SHORT_LIST) {
      text = block.text();
    }
    if (block.kind() == Block.Kind.PARAGRAPH && after != null && announces(block, after)) {
      return new Span(at, at + 1, text + "\n\n" + after.text());
    }
    if (before != null && announced) {
      return new Span(at - 1, at, before.text() + "\n\n" + text);
    }
    return new Span(at, at, text);
  }

  private static boolean announces(Block block, Block next) {
    return block.kind() == Block.Kind.PARAGRAPH
        && next.kind() != Block.Kind.PARAGRAPH
        && (next.kind() == Block.Kind.CODE || block.text().endsWith(":"));
  }
}

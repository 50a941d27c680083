package dev.colloquy.model;

import dev.colloquy.knowledge.Embedder;
import dev.colloquy.knowledge.Passage;
import dev.colloquy.knowledge.Terms;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The built-in model {@code builtin:extractive}: answers by quoting the passages that were found in
 * the agent's documents, word for word, and says so when they do not answer. It needs no network
 * and writes nothing of its own but the frame around the quotes.
 *
 * <p>Safe for many threads. Tokens are counted as word pieces of the embedding model: what was read
 * is the question and the passages, what was written is the reply.
 */
@Singleton
public final class ExtractiveModel implements ModelProvider {
  /** The one model that this provider has. */
  public static final ModelName NAME = new ModelName("builtin", "extractive");

  /**
   * The least evidence for an answer, as measured on questions about the project's own manual: the
   * best unit has 0.53 or more for each of 40 questions that it answers, and 0.40 or less for 28 of
   * 30 that it does not (the two others share words with it by chance: 0.49 and 0.60).
   */
  static final double ENOUGH = 0.47;

  /** A further quote must come this near to the best. */
  private static final double NEAR = 0.92;

  private static final int MOST_QUOTES = 3;
  private static final int MOST_CHARACTERS = 1_800;
  private static final int SHORT_QUESTION = 2;
  private static final int COUNTED_TOKENS = 100_000;

  static final String NOTHING =
      "The agent's documents do not say. I can only quote what they hold; the same question in other"
          + " words may find more.";

  private final Embedder embedder;
  private final QuoteFinder finder;

  @Inject
  ExtractiveModel(Embedder embedder) {
    this.embedder = embedder;
    this.finder = new QuoteFinder(embedder);
  }

  @Override
  public Set<String> providers() {
    return Set.of(NAME.provider());
  }

  @Override
  public ModelReply reply(ModelRequest request, Consumer<String> onText)
      throws ModelException, InterruptedException {
    if (request.outputJsonSchema() != null) {
      throw new ModelException(
          ModelException.Reason.REJECTED, "builtin:extractive quotes text and cannot write JSON");
    }
    try {
      return write(request, onText);
    } catch (IllegalStateException e) {
      throw new ModelException(
          ModelException.Reason.NOT_CONFIGURED, String.valueOf(e.getMessage()), null, e);
    }
  }

  private ModelReply write(ModelRequest request, Consumer<String> onText)
      throws InterruptedException {
    var smallTalk = SmallTalk.answer(request.question(), request.passages());
    if (smallTalk.isPresent()) {
      return finish(request, List.of(smallTalk.get()), List.of(), onText);
    }
    var quotes = choose(request);
    if (quotes.isEmpty()) {
      return finish(request, List.of(NOTHING), List.of(), onText);
    }
    Map<String, List<QuoteFinder.Quote>> bySource =
        quotes.stream()
            .collect(
                Collectors.groupingBy(
                    quote -> leadIn(quote.passage()), LinkedHashMap::new, Collectors.toList()));
    var pieces = new ArrayList<String>();
    for (var source : bySource.entrySet()) {
      pieces.add(source.getKey());
      source.getValue().stream()
          .sorted(order(request.passages()))
          .map(QuoteFinder.Quote::text)
          .forEach(pieces::add);
    }
    var cited = quotes.stream().map(QuoteFinder.Quote::passage).distinct().toList();
    return finish(request, pieces, cited, onText);
  }

  /** As the quotes stand in their passages. */
  private static Comparator<QuoteFinder.Quote> order(List<Passage> passages) {
    return Comparator.<QuoteFinder.Quote>comparingInt(quote -> passages.indexOf(quote.passage()))
        .thenComparingInt(quote -> quote.span().first());
  }

  /** The quotes to give, best first; none where nothing fits well enough. */
  private List<QuoteFinder.Quote> choose(ModelRequest request) throws InterruptedException {
    var found = enough(finder.find(request.question(), request.passages()));
    if (!found.isEmpty()) {
      return best(found);
    }
    var previous = previousQuestion(request.messages());
    var terms = Terms.subject(request.question());
    if (previous == null || terms.size() > SHORT_QUESTION) {
      return List.of();
    }
    var together = finder.find(previous + "\n" + request.question(), request.passages());
    return best(enough(together).stream().filter(quote -> mentions(quote, terms)).toList());
  }

  /** What a short question adds to the one before must be in the quote, if it adds anything. */
  private static boolean mentions(QuoteFinder.Quote quote, List<String> terms) {
    return terms.isEmpty()
        || QuoteFinder.share(terms, quote.passage().heading() + "\n" + quote.text()) > 0;
  }

  private static List<QuoteFinder.Quote> enough(List<QuoteFinder.Quote> quotes) {
    return quotes.stream().filter(quote -> quote.evidence() >= ENOUGH).toList();
  }

  /** The first, and those that come near it, as far as they fit into one answer. */
  private static List<QuoteFinder.Quote> best(List<QuoteFinder.Quote> found) {
    var best = new ArrayList<QuoteFinder.Quote>();
    int characters = 0;
    for (var quote : found) {
      boolean repeats = best.stream().anyMatch(quote::overlaps);
      boolean near =
          quote.score() >= NEAR * found.getFirst().score()
              && characters + quote.text().length() <= MOST_CHARACTERS;
      if (best.size() < MOST_QUOTES && (best.isEmpty() || (near && !repeats))) {
        best.add(quote);
        characters += quote.text().length();
      }
    }
    return best;
  }

  private static @Nullable String previousQuestion(List<ModelMessage> messages) {
    for (int i = messages.size() - 2; i >= 0; i--) {
      if (messages.get(i).role() == ModelMessage.Role.USER) {
        return messages.get(i).text();
      }
    }
    return null;
  }

  private static String leadIn(Passage passage) {
    var heading = passage.heading().substring(passage.heading().lastIndexOf('>') + 1).strip();
    return heading.isEmpty()
        ? "From %s:".formatted(passage.fileName())
        : "From *%s* (%s):".formatted(heading.replace("*", ""), passage.fileName());
  }

  private ModelReply finish(
      ModelRequest request, List<String> pieces, List<Passage> cited, Consumer<String> onText) {
    var text = new StringBuilder();
    for (var piece : pieces) {
      var next = text.isEmpty() ? piece : "\n\n" + piece;
      text.append(next);
      onText.accept(next);
    }
    int read = embedder.count(request.question(), COUNTED_TOKENS);
    for (var passage : request.passages()) {
      read += embedder.count(passage.text(), COUNTED_TOKENS);
    }
    return new ModelReply(
        text.toString(), List.of(), cited, NAME, read, embedder.count(text, COUNTED_TOKENS));
  }
}

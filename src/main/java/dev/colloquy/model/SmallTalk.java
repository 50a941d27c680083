package dev.colloquy.model;

import dev.colloquy.knowledge.Passage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the quoting model says to messages that ask nothing of the documents. */
final class SmallTalk {
  private static final String OFFER = "I answer questions by quoting this agent's documents";
  private static final String FAREWELL_ANSWER = "Goodbye.";
  private static final int NAMED_DOCUMENTS = 3;
  private static final Pattern GREETING =
      Pattern.compile(
          "(hi|hello|hey|good (morning|afternoon|evening|day)|greetings)( there| all| everyone)?");
  private static final Pattern WHO =
      Pattern.compile(
          "(who|what) are you|what can you do|what can i ask( you)?|how can you help( me)?|help"
              + "|are you (a )?(bot|robot|human|real)");
  private static final Pattern THANKS =
      Pattern.compile(
          "(ok |okay |great |perfect )?(thanks|thank you|thx|cheers)( a lot| so much"
              + "| very much| again| for your help)?|ok|okay|great|perfect");
  private static final Pattern FAREWELL =
      Pattern.compile("(good ?)?bye( bye)?|see you( later)?|good night");

  private SmallTalk() {}

  /** Whether the text asks nothing: a greeting, thanks, a farewell. */
  static boolean is(String text) {
    return answer(text, List.of()).isPresent();
  }

  /** The answer to a greeting, to thanks or to "who are you"; empty for anything else. */
  static Optional<String> answer(String text, List<Passage> passages) {
    var plain = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    if (GREETING.matcher(plain).matches()) {
      return Optional.of("Hello. " + offer(passages));
    }
    if (WHO.matcher(plain).matches()) {
      return Optional.of(offer(passages));
    }
    if (THANKS.matcher(plain).matches()) {
      return Optional.of("Gladly. " + offer(passages));
    }
    return FAREWELL.matcher(plain).matches() ? Optional.of(FAREWELL_ANSWER) : Optional.empty();
  }

  /** Whether the text is one of this class's own answers. */
  static boolean isAnswer(String text) {
    return text.equals(FAREWELL_ANSWER) || text.contains(OFFER);
  }

  private static String offer(List<Passage> passages) {
    if (passages.isEmpty()) {
      return OFFER + ", but it has none yet.";
    }
    var names =
        passages.stream()
            .map(Passage::fileName)
            .distinct()
            .limit(NAMED_DOCUMENTS)
            .collect(Collectors.joining(", "));
    return OFFER + ", among them " + names + ".";
  }
}

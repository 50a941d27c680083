package dev.colloquy.channel.sms;

import dev.colloquy.skill.SmsConfig;
import jakarta.inject.Singleton;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The words that stop messages, allow them again, or ask who writes. A message is such a word only
 * where it is nothing else: spaces, punctuation, accents and case do not count, other words do.
 * English ones are those that Twilio itself acts on, and those of the CTIA and the FCC; then words
 * of other languages, then the installation's own.
 */
@Singleton
final class Keywords {
  private static final List<String> STOP =
      List.of(
          "stop",
          "stopall",
          "unsubscribe",
          "cancel",
          "end",
          "quit",
          "revoke",
          "optout",
          // German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish
          "stopp",
          "abmelden",
          "abbestellen",
          "austragen",
          "arret",
          "arreter",
          "arrete",
          "desabonner",
          "desinscrire",
          "baja",
          "darme de baja",
          "desuscribir",
          "cancelar",
          "parar",
          "alto",
          "annulla",
          "disiscrivi",
          "cancellami",
          "sair",
          "remover",
          "afmelden",
          "uitschrijven",
          "rezygnuje",
          "wypisz",
          "avsluta",
          "avregistrera");
  private static final List<String> START =
      List.of(
          "start",
          "unstop",
          "anmelden",
          "abonner",
          "reprendre",
          "alta",
          "iniciar",
          "iscrivi",
          "aanmelden");
  private static final List<String> HELP =
      List.of("help", "info", "hilfe", "aide", "ayuda", "aiuto", "ajuda", "hulp", "pomoc", "hjalp");
  // Twilio opts in by it too; but it is an answer where nobody had opted out.
  private static final String YES = "yes";

  /** What a word does. */
  enum Meaning {
    STOP,
    START,
    /** As {@link #START} where the number had opted out; else an answer like others. */
    YES,
    HELP
  }

  /**
   * A word as it came.
   *
   * @param word as it was recognized, in upper case
   * @param isAnswered whether the gateway says that it answered
   */
  record Keyword(Meaning meaning, String word, boolean isAnswered) {}

  private final Map<String, Meaning> words = new HashMap<>();

  Keywords(SmsConfig config) {
    add(Meaning.HELP, HELP, config.helpWords());
    add(Meaning.START, START, config.startWords());
    words.put(YES, Meaning.YES);
    // Last: where a word is in two lists, it stops.
    add(Meaning.STOP, STOP, config.stopWords());
  }

  private void add(Meaning meaning, List<String> builtIn, Optional<List<String>> own) {
    var all = new ArrayList<>(builtIn);
    own.ifPresent(all::addAll);
    all.stream()
        .map(Keywords::key)
        .filter(word -> !word.isEmpty())
        .forEach(word -> words.put(word, meaning));
  }

  /** The word that the message is; what the gateway made of it counts first. */
  Optional<Keyword> find(InboundSms message) {
    var told =
        switch (message.optOut()) {
          case "STOP" -> Meaning.STOP;
          case "START" -> Meaning.START;
          case "HELP" -> Meaning.HELP;
          default -> null;
        };
    var key = message.body().length() > 100 ? "" : key(message.body());
    var meaning = told == null ? words.get(key) : told;
    return meaning == null || (told == null && !message.media().isEmpty())
        ? Optional.empty()
        : Optional.of(new Keyword(meaning, key.toUpperCase(Locale.ROOT), told != null));
  }

  /** Letters and digits only, without accents, in lower case. */
  private static String key(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKD)
        .replaceAll("[^\\p{L}\\p{N}]", "")
        .toLowerCase(Locale.ROOT);
  }
}

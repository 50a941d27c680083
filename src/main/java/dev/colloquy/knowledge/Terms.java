package dev.colloquy.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words of a text as search compares them: lower case, English endings taken off, and
 * identifiers such as {@code colloquy.data-dir} or {@code skipEmailValidation} both whole and in
 * parts.
 */
public final class Terms {
  private static final int LONGEST = 100;
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:[._\\-/:@'’][\\p{L}\\p{M}\\p{N}]+)*+");
  private static final Pattern PARTS =
      Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})");

  /** English words that say nothing about the subject of a question. */
  private static final Set<String> COMMON =
      Set.copyOf(
          List.of(
              ("a an the and or but if then than so as of at by for with about against between into"
                      + " through to from in on off over under again once here there when where why how"
                      + " all any both each few more most other some such no nor not only own same too"
                      + " very s t can could will would shall should may might must just don now do does"
                      + " did doing done is are was were be been being am have has had having i me my we"
                      + " our you your he him his she her it its they them their what which who whom"
                      + " this that these those get got use please tell want need know let make thing"
                      + " way out up down also ok okay hi hello hey there i'm what's i'd it's us happen"
                      + " happens kind something anything one work works exactly mean means via let's"
                      + " give gives go goes ll ve re using explain show say says")
                  .split(" ", -1)));

  private Terms() {}

  /** Every term of the text, repeated as often as it occurs. */
  public static List<String> of(String text) {
    var terms = new ArrayList<String>();
    var matcher = WORD.matcher(text);
    while (matcher.find()) {
      var word = matcher.group();
      if (word.length() > LONGEST) {
        continue;
      }
      var parts = PARTS.split(word, -1);
      if (parts.length > 1) {
        terms.add(word.toLowerCase(Locale.ROOT).replace('’', '\''));
      }
      for (var part : parts) {
        if (!part.isEmpty()) {
          terms.add(stem(part.toLowerCase(Locale.ROOT)));
        }
      }
    }
    return terms;
  }

  /** The text's terms that say something about its subject, each once, in order. */
  public static List<String> subject(String text) {
    return of(text).stream()
        .filter(term -> !COMMON.contains(term) && !(term.length() == 1 && term.charAt(0) < 128))
        .distinct()
        .toList();
  }

  private static String stem(String word) {
    int length = word.length();
    if (COMMON.contains(word) || length < 4) {
      return word;
    }
    if (word.endsWith("ies") && length > 4) {
      return word.substring(0, length - 3) + "y";
    }
    if (word.endsWith("ing") && length > 5) {
      return undouble(word.substring(0, length - 3));
    }
    if (word.endsWith("ed") && length > 4) {
      return undouble(word.substring(0, length - 2));
    }
    if (word.endsWith("es") && length > 4 && "sxzh".indexOf(word.charAt(length - 3)) >= 0) {
      return word.substring(0, length - 2);
    }
    if (word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("us")) {
      word = word.substring(0, length - 1);
    }
    return word.endsWith("e") && word.length() > 4 ? word.substring(0, word.length() - 1) : word;
  }

  private static String undouble(String stem) {
    int last = stem.length() - 1;
    boolean doubled =
        last > 1
            && stem.charAt(last) == stem.charAt(last - 1)
            && "lsz".indexOf(stem.charAt(last)) < 0;
    return doubled ? stem.substring(0, last) : stem;
  }
}

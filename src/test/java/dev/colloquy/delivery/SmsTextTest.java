package dev.colloquy.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.BreakIterator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmsTextTest {

  @ParameterizedTest
  @CsvSource({
    "a, 1, 1",
    "a, 160, 1",
    "a, 161, 2",
    "a, 306, 2",
    "a, 307, 3",
    "a, 1530, 10",
    "€, 80, 1",
    "€, 81, 2",
    // 76 pairs and a place that stays empty, as no pair is in two segments
    "€, 152, 2",
    "€, 153, 3",
    "ç, 70, 1",
    "ç, 71, 2",
    "ç, 134, 2",
    "ç, 135, 3",
    "😀, 35, 1",
    "😀, 36, 2",
    // 33 pairs and a place that stays empty
    "😀, 66, 2",
    "😀, 67, 3",
    "à, 160, 1",
    "Ω, 160, 1",
    "日, 70, 1",
    "[, 80, 1",
    "[, 81, 2"
  })
  void aTextTakesSoManySegments(String character, int times, int segments) {
    assertThat(SmsText.segments(character.repeat(times))).isEqualTo(segments);
  }

  @Test
  void anEmptyTextIsOneSegment() {
    assertThat(SmsText.segments("")).isOne();
  }

  @Test
  void oneCharacterOutsideOfTheAlphabetMakesAllOfItUcs2() {
    assertThat(SmsText.segments("a".repeat(159) + "😀")).isEqualTo(3);
  }

  @Test
  void theWholeAlphabetIsKnown() {
    var basic = 0;
    var extension = 0;
    for (char c = 0; c < 0xFFFF; c++) {
      if (SmsText.isGsm(Character.toString(c))) {
        if (SmsText.segments(Character.toString(c).repeat(81)) == 1) {
          basic++;
        } else {
          extension++;
        }
      }
    }
    // 128 places less the escape; form feed and the nine others of the extension table.
    assertThat(basic).isEqualTo(127);
    assertThat(extension).isEqualTo(10);
  }

  @Test
  void whatFitsIsOneMessage() {
    assertThat(SmsText.parts("Hello.", 1)).containsExactly("Hello.");
    assertThat(SmsText.parts(" Hello. \n", 1)).containsExactly("Hello.");
    assertThat(SmsText.parts("", 1)).containsExactly("");
  }

  @Test
  void aLongTextIsCutBetweenSentences() {
    var first = "We are open from nine to five. " + "It is a long way to our shop. ".repeat(4);
    var second = "You can also write to us, at any hour, and we will be happy to answer you.";

    assertThat(SmsText.parts(first + second, 1)).containsExactly(first.strip(), second);
  }

  @Test
  void aLongTextIsCutBetweenLines() {
    var first = "- one of the many things that we sell\n".repeat(4).strip();
    var second = "- another of the many things that we sell";

    assertThat(SmsText.parts(first + "\n" + second, 1)).containsExactly(first, second);
  }

  @Test
  void aLongSentenceIsCutBetweenWords() {
    var parts = SmsText.parts("word ".repeat(100), 1);

    assertThat(parts).hasSize(4);
    assertThat(parts).allSatisfy(part -> assertThat(part).matches("(word )*word"));
  }

  @Test
  void aLongWordIsCutBetweenCharacters() {
    var family = "👨‍👩‍👧‍👦";
    var parts = SmsText.parts(family.repeat(40), 2);

    assertThat(parts).hasSizeGreaterThan(2);
    assertThat(parts).allSatisfy(part -> assertThat(part.replace(family, "")).isEmpty());
  }

  @Test
  void aCharacterLongerThanAMessageIsCutBetweenItsCodePoints() {
    var text = "e" + "\u0301".repeat(100);

    assertThat(String.join("", SmsText.parts(text, 1))).isEqualTo(text);
  }

  @Test
  void whatIsTooLongForTenMessagesEndsWithDots() {
    var parts = SmsText.parts("It never ends. ".repeat(500), 1);

    assertThat(parts).hasSize(SmsText.MAX_PARTS);
    assertThat(parts.getLast()).endsWith("...");
    assertThat(parts).allSatisfy(part -> assertThat(SmsText.segments(part)).isOne());
    assertThat(SmsText.parts("Она не кончается. ".repeat(500), 1).getLast()).endsWith("…");
  }

  @ParameterizedTest
  @CsvSource({
    "“It’s open” – at 9…, '\"It''s open\" - at 9...'",
    "It is open., It is open.",
    // Where it stays outside of the alphabet anyhow, it stays as it is.
    "“Это” – да, “Это” – да"
  })
  void typographyThatCostsRoomIsWrittenPlainly(String text, String plain) {
    assertThat(SmsText.plainer(text)).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nothingIsLostAndEveryPartFits(long seed) {
    var random = new Random(seed);
    var seen = new HashSet<Integer>();
    for (var i = 0; i < 300; i++) {
      var text = text(random);
      var max = 1 + random.nextInt(10);
      var parts = SmsText.parts(text, max);
      var what = "seed " + seed + ", text " + i;
      seen.add(parts.size());
      assertThat(parts).as(what).hasSizeLessThanOrEqualTo(SmsText.MAX_PARTS);
      assertThat(parts)
          .as(what)
          .allSatisfy(part -> {
            assertThat(SmsText.segments(part)).isLessThanOrEqualTo(max);
            assertThat(part.length()).isLessThanOrEqualTo(1600);
            assertThat(part).isNotBlank();
          });
      if (parts.size() < SmsText.MAX_PARTS) {
        assertThat(dense(String.join("", parts))).as(what).isEqualTo(dense(text));
        assertThat(parts).as(what).isEqualTo(betweenCharacters(text, parts));
      }
    }
    assertThat(seen).hasSizeGreaterThan(5);
  }

  /** The parts that begin and end where the text has an end of a character as people see it. */
  private static List<String> betweenCharacters(String text, List<String> parts) {
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    var at = new int[1];
    return parts.stream()
        .filter(part -> {
          var begin = text.indexOf(part, at[0]);
          at[0] = begin + part.length();
          return begin >= 0 && characters.isBoundary(begin) && characters.isBoundary(at[0]);
        })
        .toList();
  }

  private static String dense(String text) {
    return text.codePoints()
        .filter(c -> !Character.isWhitespace(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String text(Random random) {
    var pieces =
        List.of(
            "Hello",
            "wörld",
            "{[€]}",
            "日本語。",
            "😀",
            "👩🏽‍🚀",
            "e\u0301",
            ". ",
            "! ",
            "? ",
            " ",
            " ",
            " ",
            "\n",
            ", ",
            "https://example.com/a?b=c&d=e",
            "1,234.56",
            "\r\n",
            "🇩🇪",
            "ok",
            "the");
    // Of some texts every piece is in the GSM alphabet.
    var bound = random.nextBoolean() ? pieces.size() : 2;
    var text = new StringBuilder("x");
    var length = random.nextInt(3_000);
    while (text.length() < length) {
      text.append(bound == 2 ? List.of("word", " ").get(random.nextInt(2)) : piece(pieces, random));
    }
    return text.toString();
  }

  private static String piece(List<String> pieces, Random random) {
    return pieces.get(random.nextInt(pieces.size()));
  }
}

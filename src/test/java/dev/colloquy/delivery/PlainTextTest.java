package dev.colloquy.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {

  @ParameterizedTest
  @CsvSource({
    "We are **open**., We are open.",
    "We are *open*., We are open.",
    "We are __open__ and _happy_., We are open and happy.",
    "***Now***, Now",
    "## Opening hours, Opening hours",
    "See [our shop](https://example.com/shop)., See our shop (https://example.com/shop).",
    "[https://example.com](https://example.com), https://example.com",
    "[a@example.com](mailto:a@example.com), a@example.com",
    "![a map](https://example.com/m.png), a map (https://example.com/m.png)",
    "Type `stop`., Type stop.",
    "~~No~~ yes, No yes",
    "> quoted, quoted",
    "* one, - one",
    // What is no mark stays.
    "2 * 3 * 4 = 24, 2 * 3 * 4 = 24",
    "snake_case_name, snake_case_name",
    "#1 in town, #1 in town",
    "a*b, a*b",
    "**, **",
    "It costs 5*., It costs 5*."
  })
  void marksAreLeftOut(String markdown, String plain) {
    assertThat(PlainText.of(markdown)).isEqualTo(plain);
  }

  @Test
  void linesStayLines() {
    assertThat(PlainText.of("# Hours\n\n\n- **Mon**: 9\n- Tue: 9\n\n---\n\n```sh\nls *\n```\n"))
        .isEqualTo("Hours\n\n- Mon: 9\n- Tue: 9\n\nls *");
  }

  @Test
  void aLongTextOfMarksIsNoTrouble() {
    assertThat(PlainText.of("*_`[".repeat(50_000))).isNotEmpty();
  }
}

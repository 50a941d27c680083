package dev.colloquy.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Events are spelled as WHATWG HTML, section 9.2, has it. */
class StreamEventTest {
  @Test
  void anEventHasItsFieldsInLinesAndAnEmptyLineAtTheEnd() {
    assertThat(new StreamEvent("17", "message.created", "{\"a\":1}").text())
        .isEqualTo("id: 17\nevent: message.created\ndata: {\"a\":1}\n\n");
    assertThat(new StreamEvent(null, "reply.delta", "").text())
        .isEqualTo("event: reply.delta\ndata: \n\n");
  }

  @Test
  void everyLineOfTheDataIsALineOfItsOwnHoweverItEnds() {
    assertThat(new StreamEvent(null, "e", "a\nb\r\nc\rd\n\ne\r").text())
        .isEqualTo("event: e\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\ndata: \n\n");
  }

  @Test
  void anIdOrNameThatWouldBreakTheLineIsRefused() {
    for (var bad : new String[] {"a\nb", "a\rb", "a\0b"}) {
      assertThatThrownBy(() -> new StreamEvent(bad, "e", ""))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new StreamEvent(null, bad, ""))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}

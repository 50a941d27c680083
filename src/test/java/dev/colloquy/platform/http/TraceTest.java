package dev.colloquy.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class TraceTest {
  @Test
  void typesAndPlacesAreLoggedInOneLineAndNoMessage() {
    var thrown = new IllegalStateException("secret", new SQLException("what was said", "22021"));

    var line = Trace.of(thrown);

    assertThat(line)
        .contains(
            "error=java.lang.IllegalStateException", "cause=java.sql.SQLException state=22021")
        .contains("TraceTest.typesAndPlacesAreLoggedInOneLineAndNoMessage:")
        .doesNotContain("secret", "said", "\n");
  }
}

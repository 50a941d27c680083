package dev.colloquy.platform.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final byte[] SCOPE = bytes("one request");
  private static final byte[] ANSWER = bytes("{\"key\":\"cq_agent_secret\"}");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whoHasTheSecretReadsTheAnswerAndNobodyElse() {
    var sealed = Seal.of(bytes("mine"), SCOPE).close(ANSWER);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("cq_agent", "key");
    assertThat(Seal.of(bytes("mine"), SCOPE).open(sealed)).hasValue(ANSWER);
    assertThat(Seal.of(bytes("yours"), SCOPE).open(sealed)).isEmpty();
    var other = bytes("another request");
    assertThat(Seal.of(bytes("mine"), other).open(sealed)).isEmpty();
  }

  @Test
  void anAnswerThatWasChangedIsNotRead() {
    var seal = Seal.of(bytes("mine"), SCOPE);
    var sealed = seal.close(ANSWER);
    for (var i = 0; i < sealed.length; i++) {
      var changed = sealed.clone();
      changed[i] ^= 1;
      assertThat(seal.open(changed)).as("byte " + i).isEmpty();
    }
  }

  @Test
  void noTwoAnswersAreSealedAlike() {
    var seal = Seal.of(bytes("mine"), SCOPE);
    assertThat(seal.close(ANSWER)).isNotEqualTo(seal.close(ANSWER));
  }
}

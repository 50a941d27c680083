package dev.colloquy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.colloquy.testing.Generated;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ModelNamesTest {
  private final ModelNames names =
      new ModelNames(
          ModelConfigs.of("groq.base-url", "https://groq.test/v1", "acme.api-key", "no address"));

  @Test
  void aNameHasItsProviderBeforeTheFirstColon() throws UnknownModelException {
    assertThat(names.parse("  OpenAI:gpt-5-mini ")).isEqualTo(named("openai", "gpt-5-mini"));
    assertThat(names.parse("ollama:llama3.2:3b")).isEqualTo(named("ollama", "llama3.2:3b"));
    assertThat(names.parse("groq:openai/gpt-oss-20b"))
        .isEqualTo(named("groq", "openai/gpt-oss-20b"));
    assertThat(names.parse("builtin:extractive")).isEqualTo(named("builtin", "extractive"));
  }

  @Test
  void aBareNameIsOfTheDefaultProvider() throws UnknownModelException {
    assertThat(names.parse("gpt-5")).isEqualTo(named("openai", "gpt-5"));
    assertThat(new ModelNames(ModelConfigs.of("default-provider", "Ollama")).parse("llama3.2"))
        .isEqualTo(named("ollama", "llama3.2"));
  }

  @Test
  void anUnknownProviderIsNamed() {
    assertUnknown("llama3.2:3b", "unknown provider `llama3.2`");
    assertUnknown("acme:m", "unknown provider `acme`");
    assertUnknown(":m", "unknown provider ``");
  }

  @Test
  void whatIsNoNameIsRefused() throws UnknownModelException {
    assertUnknown(" ", "is blank");
    assertUnknown("openai:", "no model");
    assertUnknown("openai:gpt 5", "holds a blank");
    assertUnknown("openai:gpt\u00005", "control character");
    assertUnknown("openai:gpt\u202e5", "control character");
    assertUnknown("builtin:other", "builtin:extractive");
    var longest = "m".repeat(ModelNames.MAX_LENGTH - "openai:".length());
    assertThat(names.parse(longest)).isEqualTo(named("openai", longest));
    assertUnknown(longest + "m", "longer than 255");
    assertUnknown("openai:" + longest + "m", "longer than 255");
  }

  @Test
  void theDefaultIsReadOnceAndMustBeUsable() {
    assertThat(names.defaultModel()).isEqualTo(new ModelName("builtin", "extractive"));
    assertThatThrownBy(() -> new ModelNames(ModelConfigs.of("default", "acme:m")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acme");
    assertThatThrownBy(() -> new ModelNames(ModelConfigs.of("default-provider", "acme")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acme");
  }

  @Test
  void whateverIsWrittenIsReadOrRefused() {
    var anything = List.of("\u0000\uffff");
    var likely = List.of("az", "AZ", "09", "::", "::", "//", "..", "  ", "\u0000\u00ff");
    Generated.tries(
        1000,
        random -> {
          var start = Generated.oneOf(random, List.of("", "", "openai:", "Groq:", "builtin:"));
          var ranges = random.nextBoolean() ? anything : likely;
          assertReadOrRefused(start + Generated.text(random, 260, ranges));
        });
  }

  private void assertReadOrRefused(String text) {
    ModelName name;
    try {
      name = names.parse(text);
    } catch (UnknownModelException e) {
      assertThat(e).hasMessageMatching("(?s)(is|has|holds) .+");
      return;
    }
    assertThat(name.provider()).isEqualTo(name.provider().toLowerCase(Locale.ROOT));
    assertThatNoException()
        .isThrownBy(() -> assertThat(names.parse(name.toString())).isEqualTo(name));
  }

  private void assertUnknown(String text, String message) {
    assertThatThrownBy(() -> names.parse(text))
        .isInstanceOf(UnknownModelException.class)
        .hasMessageContaining(message);
  }

  private static ModelName named(String provider, String model) {
    return new ModelName(provider, model);
  }
}

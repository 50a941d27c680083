package dev.colloquy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelConfigTest {
  @Test
  void withNothingSetTheBuiltInModelAnswers() {
    var config = ModelConfigs.of();

    assertThat(config.defaultModel()).isEqualTo("builtin:extractive");
    assertThat(config.defaultProvider()).isEqualTo("openai");
    assertThat(config.attempts()).isEqualTo(3);
    assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.contextTokens()).isEqualTo(16000);
    assertThat(config.providers()).isEmpty();
  }

  @Test
  void everyPropertyCanBeSet() {
    var config =
        ModelConfigs.of(
            "default", "groq:llama-3.3",
            "default-provider", "groq",
            "attempts", "5",
            "timeout", "10s",
            "context-tokens", "8000",
            "groq.base-url", "https://groq.test/v1",
            "groq.api-key", "k",
            "groq.context-tokens", "4000");

    assertThat(config.defaultModel()).isEqualTo("groq:llama-3.3");
    assertThat(config.defaultProvider()).isEqualTo("groq");
    assertThat(config.attempts()).isEqualTo(5);
    assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.contextTokens()).isEqualTo(8000);
    assertThat(config.providers()).containsOnlyKeys("groq");
    var groq = config.providers().get("groq");
    assertThat(groq.baseUrl()).hasValue("https://groq.test/v1");
    assertThat(groq.apiKey()).hasValue("k");
    assertThat(groq.contextTokens()).hasValue(4000);
  }

  @Test
  void theEnvironmentCanSetEverything() {
    var config =
        ModelConfigs.ofEnvironment(
            Map.of(
                "COLLOQUY_MODEL_DEFAULT", "openai:gpt-5-mini",
                "COLLOQUY_MODEL_DEFAULT_PROVIDER", "anthropic",
                "COLLOQUY_MODEL_CONTEXT_TOKENS", "9000",
                "COLLOQUY_MODEL_OPENAI_API_KEY", "k1",
                "COLLOQUY_MODEL_OLLAMA_CONTEXT_TOKENS", "2000",
                "COLLOQUY_MODEL_GROQ_BASE_URL", "https://groq.test/v1",
                "COLLOQUY_MODEL_GROQ_API_KEY", "k2"));

    assertThat(config.defaultModel()).isEqualTo("openai:gpt-5-mini");
    assertThat(config.defaultProvider()).isEqualTo("anthropic");
    assertThat(config.contextTokens()).isEqualTo(9000);
    assertThat(config.providers()).containsOnlyKeys("openai", "ollama", "groq");
    assertThat(config.providers().get("openai").apiKey()).hasValue("k1");
    assertThat(config.providers().get("ollama").contextTokens()).hasValue(2000);
    assertThat(config.providers().get("groq").baseUrl()).hasValue("https://groq.test/v1");
    assertThat(config.providers().get("groq").apiKey()).hasValue("k2");
  }

  @Test
  void aMisspeltPropertyIsRefused() {
    assertThatThrownBy(() -> ModelConfigs.of("openai.api-kye", "k"))
        .hasMessageContaining("colloquy.model.openai.api-kye");
  }
}

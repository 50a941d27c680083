package dev.colloquy.model;

import dev.colloquy.platform.launch.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.hibernate.validator.constraints.time.DurationMin;

/** The settings of language models, {@code colloquy.model.*}. */
@ConfigMapping(prefix = "colloquy.model")
public interface ModelConfig {
  /**
   * The model of agents that name none: {@code provider:model}, or a bare name of the default
   * provider. Default {@code builtin:extractive}, which needs no key and no network.
   */
  @WithName("default")
  @WithDefault("builtin:extractive")
  String defaultModel();

  /** The provider of model names without one. Default {@code openai}. */
  @WithDefault("openai")
  String defaultProvider();

  /**
   * How often one model is asked before the fallback model or the failure: 1 to 10, default 3. Only
   * failures that may pass (busy, limited, cut off, too slow) are tried again.
   */
  @WithDefault("3")
  @Min(1)
  @Max(10)
  int attempts();

  /** How long one attempt may take, from connecting to the reply's end. Default 60 seconds. */
  @WithDefault("60s")
  @DurationMin(millis = 100)
  Duration timeout();

  /**
   * How many tokens of instructions, knowledge and history are sent at most, where the provider has
   * no number of its own. Default 16000.
   */
  @WithDefault("16000")
  @Min(256)
  int contextTokens();

  /**
   * The providers by name (lower case, no colon). {@code openai}, {@code anthropic}, {@code gemini}
   * and {@code ollama} are known; every other name with a base URL is a provider that speaks
   * OpenAI's chat-completions protocol. The names of the settings above cannot be used.
   */
  @WithParentName
  Map<String, Provider> providers();

  /** The settings of one provider, {@code colloquy.model.<provider>.*}. */
  interface Provider {
    /**
     * Where the provider's API is, up to and with the version. Default: the provider's public
     * address, {@code http://localhost:11434} for {@code ollama}; none for other names.
     */
    Optional<
            @Pattern(
                regexp = Setting.HTTP_ADDRESS,
                message = "an address such as https://models.example.com/v1")
            String>
        baseUrl();

    /**
     * The key sent with every call. Needed for {@code anthropic}, {@code gemini}, and {@code
     * openai} at its public address; else optional. No default; no other variable is looked at.
     */
    Optional<
            @Pattern(
                regexp = "\\s*[!-~]+\\s*",
                message = "printable ASCII characters without spaces")
            String>
        apiKey();

    /**
     * The token budget for this provider's models; for {@code ollama} also the context window asked
     * of it. From 256. Default: {@code colloquy.model.context-tokens}.
     */
    @Min(256)
    OptionalInt contextTokens();
  }
}

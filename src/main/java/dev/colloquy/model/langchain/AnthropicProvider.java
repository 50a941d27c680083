package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.model.ModelReply;
import dev.colloquy.model.ModelRequest;
import dev.langchain4j.model.anthropic.AnthropicChatRequestParameters;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Anthropic's Messages API.
 *
 * <p>See <a href="https://docs.anthropic.com/en/api/messages-streaming">Streaming Messages</a>. The
 * effort goes to {@code output_config.effort} with adaptive thinking; a JSON Schema is put into the
 * system text, since not every model takes one apart from it.
 */
@Singleton
final class AnthropicProvider implements ModelProvider {
  static final String NAME = "anthropic";
  private static final String PUBLIC_URL = "https://api.anthropic.com/v1";

  /** The API needs a bound on the reply; with thinking, the thoughts count too. */
  private static final int MAX_TOKENS = 8192;

  private static final int MAX_TOKENS_THINKING = 32_000;

  private final ProviderSettings settings;
  private final ProviderHttp http;

  /** By effort, "" for none: LangChain4j takes it per model, not per request. */
  private final Map<String, StreamingChatModel> models = new ConcurrentHashMap<>();

  AnthropicProvider(ModelConfig config, ProviderHttp http) {
    this.settings = ProviderSettings.of(config, NAME, PUBLIC_URL);
    this.http = http;
  }

  @Override
  public Set<String> providers() {
    return Set.of(NAME);
  }

  @Override
  public ModelReply reply(ModelRequest request, Consumer<String> onText)
      throws ModelException, InterruptedException {
    var key = settings.apiKey();
    if (key == null) {
      throw settings.keyMissing(request.model());
    }
    var effort = effort(request);
    var thinks = !effort.isEmpty();
    var parameters =
        AnthropicChatRequestParameters.builder()
            .modelName(request.model().model())
            .temperature(request.temperature())
            .topP(request.topP())
            .maxOutputTokens(thinks ? MAX_TOKENS_THINKING : MAX_TOKENS)
            .returnThinking(true)
            .build();
    var model = models.computeIfAbsent(effort, e -> build(key, e));
    return ReplyCall.run(model, SchemaInstruction.into(request), parameters, false, onText);
  }

  private static String effort(ModelRequest request) {
    return switch (request.reasoningEffort()) {
      case null -> "";
      case "none" -> "";
      case "minimal" -> "low";
      case String effort -> effort;
    };
  }

  private StreamingChatModel build(String key, String effort) {
    var builder =
        AnthropicStreamingChatModel.builder()
            .httpClientBuilder(http.as(Framing.SERVER_SENT_EVENTS))
            .baseUrl(settings.baseUrl())
            .apiKey(key);
    if (!effort.isEmpty()) {
      builder
          .thinkingType("adaptive")
          .customParameters(Map.of("output_config", Map.of("effort", effort)));
    }
    return builder.build();
  }
}

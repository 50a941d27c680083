package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.model.ModelReply;
import dev.colloquy.model.ModelRequest;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.ollama.OllamaChatRequestParameters;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Models on the operator's own machines, by Ollama's chat API.
 *
 * <p>See <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">Ollama's API</a>. Any
 * effort but {@code none} turns thinking on.
 */
@Singleton
final class OllamaProvider implements ModelProvider {
  static final String NAME = "ollama";
  private static final String LOCAL_URL = "http://localhost:11434";

  /** Room for the reply: Ollama's window holds both, and it drops the oldest text silently. */
  private static final int REPLY_TOKENS = 2048;

  private final ProviderSettings settings;
  private final StreamingChatModel model;

  OllamaProvider(ModelConfig config, ProviderHttp http) {
    settings = ProviderSettings.of(config, NAME, LOCAL_URL);
    var builder =
        OllamaStreamingChatModel.builder()
            .httpClientBuilder(http.as(Framing.LINES))
            .baseUrl(settings.baseUrl())
            .returnThinking(true);
    var key = settings.apiKey();
    if (key != null) {
      builder.customHeaders(Map.of("Authorization", "Bearer " + key));
    }
    model = builder.build();
  }

  @Override
  public Set<String> providers() {
    return Set.of(NAME);
  }

  @Override
  public ModelReply reply(ModelRequest request, Consumer<String> onText)
      throws ModelException, InterruptedException {
    var effort = request.reasoningEffort();
    var parameters =
        OllamaChatRequestParameters.builder()
            .modelName(request.model().model())
            .temperature(request.temperature())
            .topP(request.topP())
            .numCtx(settings.contextTokens() + REPLY_TOKENS)
            .think(effort == null ? null : !effort.equals("none"))
            .responseFormat(ReplyCall.format(request))
            .build();
    return ReplyCall.run(model, request, parameters, false, onText);
  }
}

package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.model.ModelReply;
import dev.colloquy.model.ModelRequest;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * OpenAI, and every configured provider that speaks its chat-completions protocol.
 *
 * <p>See <a href="https://platform.openai.com/docs/api-reference/chat-streaming">Chat Completions,
 * streaming</a>.
 */
@Singleton
final class OpenAiProvider implements ModelProvider {
  static final String NAME = "openai";
  private static final String PUBLIC_URL = "https://api.openai.com/v1";

  private final Map<String, ProviderSettings> settings = new ConcurrentHashMap<>();
  private final Map<String, StreamingChatModel> models = new ConcurrentHashMap<>();
  private final Set<String> names = new HashSet<>();
  private final ProviderHttp http;

  OpenAiProvider(ModelConfig config, ProviderHttp http) {
    this.http = http;
    settings.put(NAME, ProviderSettings.of(config, NAME, PUBLIC_URL));
    for (var entry : config.providers().entrySet()) {
      var url = entry.getValue().baseUrl();
      if (url.isPresent() && !ProviderSettings.OTHER_PROTOCOLS.contains(entry.getKey())) {
        settings.put(
            entry.getKey(), ProviderSettings.of(config, entry.getKey(), url.orElseThrow()));
      }
    }
    names.addAll(settings.keySet());
  }

  @Override
  public Set<String> providers() {
    return Set.copyOf(names);
  }

  @Override
  public ModelReply reply(ModelRequest request, Consumer<String> onText)
      throws ModelException, InterruptedException {
    var provider = request.model().provider();
    var own = settings.get(provider);
    if (own == null) {
      throw new ModelException(
          Reason.NOT_CONFIGURED, request.model() + ": the provider has no base URL");
    }
    if (own.apiKey() == null && own.baseUrl().equals(PUBLIC_URL)) {
      throw own.keyMissing(request.model());
    }
    var parameters =
        OpenAiChatRequestParameters.builder()
            .modelName(request.model().model())
            .temperature(request.temperature())
            .topP(request.topP())
            .reasoningEffort(request.reasoningEffort())
            .responseFormat(ReplyCall.format(request))
            .build();
    var model = models.computeIfAbsent(provider, name -> build(own));
    return ReplyCall.run(model, request, parameters, true, onText);
  }

  private StreamingChatModel build(ProviderSettings own) {
    return OpenAiStreamingChatModel.builder()
        .httpClientBuilder(http.as(Framing.SERVER_SENT_EVENTS))
        .baseUrl(own.baseUrl())
        .apiKey(own.apiKey())
        .returnThinking(true)
        .build();
  }
}

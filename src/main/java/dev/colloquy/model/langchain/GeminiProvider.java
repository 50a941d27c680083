package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.model.ModelReply;
import dev.colloquy.model.ModelRequest;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GeminiThinkingConfig;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatRequestParameters;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Google's Gemini API.
 *
 * <p>See <a href="https://ai.google.dev/api/generate-content">streamGenerateContent</a>. The effort
 * becomes the thinking level, which goes from {@code minimal} to {@code high}.
 */
@Singleton
final class GeminiProvider implements ModelProvider {
  static final String NAME = "gemini";
  private static final String PUBLIC_URL = "https://generativelanguage.googleapis.com/v1beta";

  /** The name goes into the path as it is, so it must not be able to lead elsewhere. */
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final ProviderSettings settings;
  private final ProviderHttp http;

  /** By thinking level, "" for none: LangChain4j takes it per model, not per request. */
  private final Map<String, StreamingChatModel> models = new ConcurrentHashMap<>();

  GeminiProvider(ModelConfig config, ProviderHttp http) {
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
    if (!MODEL.matcher(request.model().model()).matches()) {
      throw new ModelException(
          Reason.NOT_CONFIGURED, request.model() + ": the provider has no such model");
    }
    var parameters =
        GoogleAiGeminiChatRequestParameters.builder()
            .modelName(request.model().model())
            .temperature(request.temperature())
            .topP(request.topP())
            .responseFormat(ReplyCall.format(request))
            .build();
    var model = models.computeIfAbsent(level(request), level -> build(key, level));
    return ReplyCall.run(model, request, parameters, true, onText);
  }

  private static String level(ModelRequest request) {
    return switch (request.reasoningEffort()) {
      case null -> "";
      case "none", "minimal" -> "minimal";
      case "low", "medium" -> request.reasoningEffort();
      default -> "high";
    };
  }

  private StreamingChatModel build(String key, String level) {
    var builder =
        GoogleAiGeminiStreamingChatModel.builder()
            .httpClientBuilder(http.as(Framing.SERVER_SENT_EVENTS))
            .baseUrl(settings.baseUrl())
            .apiKey(key)
            .returnThinking(true);
    if (!level.isEmpty()) {
      builder.thinkingConfig(
          GeminiThinkingConfig.builder().thinkingLevel(level).includeThoughts(true).build());
    }
    return builder.build();
  }
}

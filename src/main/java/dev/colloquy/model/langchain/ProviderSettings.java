package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is configured for one provider. A class and not a record, so that no key gets into a text by
 * {@code toString}.
 */
final class ProviderSettings {
  /** The providers that speak a protocol of their own. */
  static final Set<String> OTHER_PROTOCOLS =
      Set.of(AnthropicProvider.NAME, OllamaProvider.NAME, GeminiProvider.NAME, "builtin");

  private final String name;
  private final String baseUrl;
  private final @Nullable String apiKey;
  private final int contextTokens;

  private ProviderSettings(
      String name, String baseUrl, @Nullable String apiKey, int contextTokens) {
    this.name = name;
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
    this.contextTokens = contextTokens;
  }

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException when the base URL is not an http or https address, or the key
   *     cannot stand in a header
   */
  static ProviderSettings of(ModelConfig config, String name, String publicUrl) {
    var given = config.providers().get(name);
    if (given == null) {
      return new ProviderSettings(name, publicUrl, null, config.contextTokens());
    }
    var key = given.apiKey().map(String::strip).filter(k -> !k.isEmpty()).orElse(null);
    if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          property(name, "api-key") + " holds characters that a key cannot have");
    }
    var url = checked(name, given.baseUrl().orElse(publicUrl));
    return new ProviderSettings(
        name, url, key, given.contextTokens().orElse(config.contextTokens()));
  }

  private static String checked(String name, String written) {
    var url = written.strip().replaceAll("/+$", "");
    try {
      var uri = new URI(url);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Said below, in the words of the setting.
    }
    throw new IllegalArgumentException(
        property(name, "base-url") + " is not an http or https address");
  }

  private static String property(String name, String leaf) {
    return "colloquy.model." + name + "." + leaf;
  }

  String baseUrl() {
    return baseUrl;
  }

  @Nullable String apiKey() {
    return apiKey;
  }

  int contextTokens() {
    return contextTokens;
  }

  ModelException keyMissing(ModelName model) {
    return new ModelException(
        Reason.NOT_CONFIGURED,
        model + ": the provider needs a key, set " + property(name, "api-key"));
  }
}

package dev.colloquy.model;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the model names that people write. Safe for many threads. */
@Singleton
public final class ModelNames {
  /** The longest {@code provider:model}, in UTF-16 units. */
  public static final int MAX_LENGTH = 255;

  static final String BUILTIN = "builtin";
  static final String EXTRACTIVE = "extractive";
  private static final Set<String> KNOWN =
      Set.of(BUILTIN, "openai", "anthropic", "ollama", "gemini");

  private final String defaultProvider;
  private final Set<String> providers;
  private final ModelName defaultModel;

  /**
   * Takes the settings.
   *
   * @throws IllegalArgumentException when the default provider or model is not usable
   */
  @Inject
  ModelNames(ModelConfig config) {
    this(config.defaultModel(), config.defaultProvider(), withAddress(config));
  }

  private ModelNames(String model, String provider, Set<String> withAddress) {
    var known = new TreeSet<>(KNOWN);
    known.addAll(withAddress);
    providers = Set.copyOf(known);
    defaultProvider = provider.strip().toLowerCase(Locale.ROOT);
    if (!providers.contains(defaultProvider)) {
      throw new IllegalArgumentException(
          "colloquy.model.default-provider must be one of %s, or another with a base-url, not \"%s\""
              .formatted(String.join(", ", known), provider));
    }
    try {
      defaultModel = parse(model);
    } catch (UnknownModelException e) {
      throw new IllegalArgumentException(
          "colloquy.model.default must be provider:model with one of %s, or another with a base-url:"
                  .formatted(String.join(", ", known))
              + " \"%s\" %s".formatted(model, e.getMessage()),
          e);
    }
  }

  private static Set<String> withAddress(ModelConfig config) {
    return config.providers().entrySet().stream()
        .filter(provider -> provider.getValue().baseUrl().isPresent())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * What is wrong with the settings, before there is a server; empty: nothing.
   *
   * @param withAddress the providers that have a base URL
   */
  public static Optional<String> problem(String model, String provider, Set<String> withAddress) {
    try {
      var _ = new ModelNames(model, provider, withAddress);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /** The model of agents that name none. */
  public ModelName defaultModel() {
    return defaultModel;
  }

  /**
   * Reads {@code provider:model} or a bare model name of the default provider. What stands before
   * the first colon is the provider, so that a bare {@code llama3.2:3b} has the unknown provider
   * {@code llama3.2}. Whether the provider has the model, only a call tells.
   *
   * @throws UnknownModelException when the provider is neither built in nor configured, or the text
   *     is no name: blank, longer than {@value #MAX_LENGTH}, or with blanks or control characters
   */
  public ModelName parse(String written) throws UnknownModelException {
    var text = written.strip();
    if (text.isEmpty()) {
      throw new UnknownModelException("is blank");
    }
    if (text.codePoints().anyMatch(ModelNames::isUnprintable)) {
      throw new UnknownModelException("holds a blank or a control character");
    }
    var colon = text.indexOf(':');
    if (colon < 0) {
      return named(defaultProvider, text);
    }
    var provider = text.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!providers.contains(provider)) {
      if (colon > MAX_LENGTH) {
        throw new UnknownModelException("has an unknown provider");
      }
      throw new UnknownModelException(
          "has the unknown provider `" + text.substring(0, colon) + "`");
    }
    return named(provider, text.substring(colon + 1));
  }

  private static ModelName named(String provider, String model) throws UnknownModelException {
    if (model.isEmpty()) {
      throw new UnknownModelException("has a provider but no model");
    }
    if (provider.equals(BUILTIN) && !model.equals(EXTRACTIVE)) {
      throw new UnknownModelException("is unknown: the only built-in model is builtin:extractive");
    }
    if (provider.length() + 1 + model.length() > MAX_LENGTH) {
      throw new UnknownModelException(
          "is longer than " + MAX_LENGTH + " characters with its provider");
    }
    return new ModelName(provider, model);
  }

  private static boolean isUnprintable(int codePoint) {
    return Character.isISOControl(codePoint)
        || Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || Character.getType(codePoint) == Character.FORMAT
        || Character.getType(codePoint) == Character.SURROGATE;
  }
}

package dev.colloquy.model;

/**
 * A model of a provider, written {@code provider:model}, for example {@code openai:gpt-5-mini}.
 *
 * @param provider the part before the first colon, lower case
 * @param model the rest, as the provider spells it (may itself hold colons, as in {@code
 *     ollama:llama3.2:3b})
 */
public record ModelName(String provider, String model) {
  @Override
  public String toString() {
    return provider + ":" + model;
  }
}

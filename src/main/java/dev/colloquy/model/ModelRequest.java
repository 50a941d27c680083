package dev.colloquy.model;

import dev.colloquy.knowledge.Passage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a model.
 *
 * @param model which one
 * @param system instructions, contexts and the passages found, as one text; may be empty
 * @param messages the history and, last, the question; never empty, the last one is the user's
 * @param passages what was found in the agent's documents for the question, best first; already
 *     written into {@code system} for models that read, used directly by the one that quotes
 * @param temperature from 0 to 2, or null for the provider's default
 * @param topP from 0 to 1, or null for the provider's default
 * @param reasoningEffort {@code none}, {@code minimal}, {@code low}, {@code medium}, {@code high},
 *     {@code xhigh} or {@code max}, or null for the provider's default
 * @param outputJsonSchema a JSON Schema that the reply must follow, as text, or null
 * @param timeLimit how long this attempt may take
 */
public record ModelRequest(
    ModelName model,
    String system,
    List<ModelMessage> messages,
    List<Passage> passages,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable String reasoningEffort,
    @Nullable String outputJsonSchema,
    Duration timeLimit) {
  public ModelRequest {
    messages = List.copyOf(messages);
    passages = List.copyOf(passages);
    if (messages.isEmpty() || messages.getLast().role() != ModelMessage.Role.USER) {
      throw new IllegalArgumentException("the last message must be the user's");
    }
  }

  /** The question: the last message's text. */
  public String question() {
    return messages.getLast().text();
  }
}

package dev.colloquy.model;

import dev.colloquy.knowledge.Passage;
import java.util.List;

/**
 * A model's whole reply.
 *
 * @param text the answer; never blank when it comes from {@link Models}
 * @param reasoning summaries of the model's reasoning where the provider gives them, else empty
 * @param cited the passages that the reply quotes; empty for models that do not say
 * @param model the model that answered (the fallback's name where that one did)
 * @param inputTokens tokens read, as the provider counts them, 0 where it does not say
 * @param outputTokens tokens written, likewise
 */
public record ModelReply(
    String text,
    List<String> reasoning,
    List<Passage> cited,
    ModelName model,
    int inputTokens,
    int outputTokens) {
  public ModelReply {
    reasoning = List.copyOf(reasoning);
    cited = List.copyOf(cited);
  }
}

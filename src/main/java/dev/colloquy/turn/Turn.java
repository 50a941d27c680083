package dev.colloquy.turn;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.message.Message;
import dev.colloquy.prompt.PromptSource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A turn that this node runs: its question, what the model needs, and what its commit is
 * conditional on.
 *
 * @param fence the fencing token; another one in the database means that the turn is lost
 * @param modeEpoch likewise; another one means that somebody took over
 * @param deadline when the turn must have ended
 */
record Turn(
    KeyOwner.OfAgent agent,
    Message question,
    long fence,
    int modeEpoch,
    PromptSource prompt,
    Settings settings,
    Instant deadline) {

  /** What of the agent's settings a turn needs. */
  record Settings(
      @Nullable String model,
      @Nullable String fallbackModel,
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable String reasoningEffort,
      @Nullable String outputJsonSchema,
      boolean isFileSearchEnabled,
      int fileSearchMaxNumResults,
      @Nullable String defaultErrorMessage) {}
}

package dev.colloquy.turn;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.prompt.PromptSource;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A turn that this node runs: its question, what the model needs, and what its commit is
 * conditional on.
 *
 * @param fence the fencing token; another one in the database means that the turn is lost
 * @param modeEpoch likewise; another one means that somebody took over
 * @param deadline when the turn must have ended
 * @param merged the questions that its reply answers beside its own
 */
record Turn(
    KeyOwner.OfAgent agent,
    Message question,
    long fence,
    int modeEpoch,
    PromptSource prompt,
    Settings settings,
    Instant deadline,
    List<MessageId> merged) {

  /** The same turn, whose reply answers those questions too. */
  Turn alsoAnswering(List<MessageId> questions) {
    return new Turn(agent, question, fence, modeEpoch, prompt, settings, deadline, questions);
  }

  /** All questions that its reply answers. */
  List<MessageId> questions() {
    return Stream.concat(merged.stream(), Stream.of(question.id())).toList();
  }

  /** The same turn with another prompt. */
  Turn asking(PromptSource other) {
    return new Turn(agent, question, fence, modeEpoch, other, settings, deadline, merged);
  }

  /**
   * What of the agent's settings a turn needs.
   *
   * @param turnsInFlight how many turns of the agent a node runs at once; 0 for the default
   */
  record Settings(
      @Nullable String model,
      @Nullable String fallbackModel,
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable String reasoningEffort,
      @Nullable String outputJsonSchema,
      boolean isFileSearchEnabled,
      int fileSearchMaxNumResults,
      @Nullable String defaultErrorMessage,
      int turnsInFlight) {}
}

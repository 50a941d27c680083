package dev.colloquy.prompt;

import dev.colloquy.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a prompt is made from.
 *
 * @param instructions the agent's, may be empty
 * @param userName the user's first and last name
 * @param userContext what the agent is told of the user
 * @param conversationContext what it is told of the conversation
 * @param messageContext what it is told with this question
 * @param history the conversation's other messages, in the order of their {@code seq}
 * @param question what the user asks
 */
public record PromptSource(
    String instructions,
    String userName,
    @Nullable String userContext,
    @Nullable String conversationContext,
    @Nullable String messageContext,
    List<Message> history,
    String question) {
  public PromptSource {
    history = List.copyOf(history);
  }
}

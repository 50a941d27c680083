package dev.colloquy.message;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is stored.
 *
 * @param seq its place in the conversation, rising; what else happens there takes numbers too
 * @param questionId the question that it answers; null for questions and introductions
 * @param source what carried it: a channel's name, or {@code copilot} or {@code ms_teams}
 * @param rawText what came in before quotes and signatures were cut, where that differs
 * @param response what the model said of its reply
 * @param files what came with it; what is in them is kept apart
 */
public record Message(
    ConversationId conversation,
    long seq,
    MessageId id,
    @Nullable MessageId questionId,
    SenderRole role,
    String source,
    String text,
    @Nullable String rawText,
    @Nullable AiResponse response,
    List<MessageFile> files,
    boolean isAnonymized,
    Instant createdAt) {
  public Message {
    files = List.copyOf(files);
  }

  /** How long a message may be, in UTF-16 units. */
  public static final int MAX_LENGTH = 256_000;
}

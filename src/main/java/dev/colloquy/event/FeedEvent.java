package dev.colloquy.event;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.EventType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a conversation.
 *
 * @param seq its number in its conversation, from 1
 * @param position where it stands in the agent's feed
 * @param data what it says, as the API shows it; null where it says nothing
 */
record FeedEvent(
    ConversationId conversation,
    long seq,
    long position,
    EventType type,
    Instant createdAt,
    @Nullable Object data) {

  /** The place after it in the agent's feed. */
  FeedCursor cursor() {
    return new FeedCursor(position, conversation.value(), seq);
  }
}

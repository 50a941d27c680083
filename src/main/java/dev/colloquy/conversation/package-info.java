/**
 * Conversations: their life cycle, who answers in them, and what people thought of the answers.
 *
 * <p>May use {@code user}, {@code agent}, {@code apikey}, {@code organization} and {@code
 * platform}. Start reading at {@link dev.colloquy.conversation.ConversationResource}.
 */
@NullMarked
package dev.colloquy.conversation;

import org.jspecify.annotations.NullMarked;

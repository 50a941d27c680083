/**
 * Closing: conversations that have been idle get a title, a summary and a score.
 *
 * <p>May use {@code model}, {@code message}, {@code conversation} and what is below them. Start
 * reading at {@link dev.colloquy.closing.IdleConversations}.
 */
@NullMarked
package dev.colloquy.closing;

import org.jspecify.annotations.NullMarked;

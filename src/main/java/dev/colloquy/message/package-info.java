/**
 * Messages: what is said in conversations, by whom, and how a conversation begins.
 *
 * <p>May use {@code delivery}, {@code consent}, {@code skill}, {@code conversation}, {@code user},
 * {@code agent}, {@code apikey}, {@code organization} and {@code platform}. Start reading at {@link
 * dev.colloquy.message.MessageResource}.
 */
@NullMarked
package dev.colloquy.message;

import org.jspecify.annotations.NullMarked;

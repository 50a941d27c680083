/**
 * Conversation users: the people whom agents serve.
 *
 * <p>May use {@code apikey}, {@code organization} and {@code platform}. Start reading at {@link
 * dev.colloquy.user.UserResource}.
 */
@NullMarked
package dev.colloquy.user;

import org.jspecify.annotations.NullMarked;

/**
 * The feeds of what happens in conversations: of one, and of all of an agent's.
 *
 * <p>May use {@code message}, {@code delivery}, {@code conversation}, {@code apikey}, {@code
 * organization} and {@code platform}. Start reading at {@link dev.colloquy.event.EventResource}.
 */
@NullMarked
package dev.colloquy.event;

import org.jspecify.annotations.NullMarked;

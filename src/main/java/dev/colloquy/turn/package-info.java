/**
 * Turns: the work of answering one question, from the moment it is stored until its reply is.
 *
 * <p>May use every feature below it: {@code prompt}, {@code model}, {@code knowledge}, {@code
 * message}, {@code conversation}. Start reading at {@link dev.colloquy.turn.TurnService}.
 */
@NullMarked
package dev.colloquy.turn;

import org.jspecify.annotations.NullMarked;

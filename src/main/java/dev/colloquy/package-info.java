/**
 * The program.
 *
 * <p>May use {@code platform.launch}. Start reading at {@link dev.colloquy.Main}.
 */
@NullMarked
package dev.colloquy;

import org.jspecify.annotations.NullMarked;

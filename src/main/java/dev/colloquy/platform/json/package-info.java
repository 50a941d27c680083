/**
 * JSON as the API reads and writes it: strict in, plain out.
 *
 * <p>May use nothing else of the project. Start reading at {@link
 * dev.colloquy.platform.json.JsonRules}.
 */
@NullMarked
package dev.colloquy.platform.json;

import org.jspecify.annotations.NullMarked;

/**
 * What a model is told: instructions, contexts, knowledge and history, cut to its budget.
 *
 * <p>May use {@code message}, {@code knowledge}, {@code model}. Start reading at {@link
 * dev.colloquy.prompt.Prompt}.
 */
@NullMarked
package dev.colloquy.prompt;

import org.jspecify.annotations.NullMarked;

/**
 * What an agent can look up: documents cut into chunks, their embeddings, and the search over them.
 *
 * <p>May use {@code organization} and {@code platform}. Start reading at {@link
 * dev.colloquy.knowledge.Knowledge}.
 */
@NullMarked
package dev.colloquy.knowledge;

import org.jspecify.annotations.NullMarked;

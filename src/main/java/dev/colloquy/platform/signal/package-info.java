/**
 * Hints between threads and nodes that something changed; the database stays the truth.
 *
 * <p>May use {@code platform.db}, {@code platform.json}. Start reading at {@link
 * dev.colloquy.platform.signal.Signals}.
 */
@NullMarked
package dev.colloquy.platform.signal;

import org.jspecify.annotations.NullMarked;

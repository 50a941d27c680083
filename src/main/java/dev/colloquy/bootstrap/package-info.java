/**
 * The first start: an organization, a demo agent that knows this project's manual, and keys.
 *
 * <p>May use every feature. Start reading at {@link dev.colloquy.bootstrap.Bootstrap}.
 */
@NullMarked
package dev.colloquy.bootstrap;

import org.jspecify.annotations.NullMarked;

/**
 * Language models behind one interface: providers, retries and the built-in extractive model.
 *
 * <p>May use {@code knowledge}, {@code organization} and {@code platform}. Start reading at {@link
 * dev.colloquy.model.Models}.
 */
@NullMarked
package dev.colloquy.model;

import org.jspecify.annotations.NullMarked;

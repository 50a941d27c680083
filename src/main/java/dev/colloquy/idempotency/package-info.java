/**
 * Same request, same answer: what was answered to a request with an {@code Idempotency-Key} is
 * stored in the transaction of its effect, and a repeat gets it again.
 *
 * <p>May use {@code conversation}, {@code apikey} and what is below them. Start reading at {@link
 * dev.colloquy.idempotency.Idempotency}.
 */
@NullMarked
package dev.colloquy.idempotency;

import org.jspecify.annotations.NullMarked;

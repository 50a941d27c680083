/**
 * What must be kept from others: sealed before it is stored, and signed before it is given away.
 *
 * <p>May use {@code platform.http}. Start reading at {@link dev.colloquy.platform.secret.Secrets}.
 */
@NullMarked
package dev.colloquy.platform.secret;

import org.jspecify.annotations.NullMarked;

/**
 * Who may be written to: a ledger of what people said of it, and of addresses that take no mail.
 *
 * <p>May use {@code conversation}, {@code apikey}, {@code organization} and {@code platform}. Start
 * reading at {@link dev.colloquy.consent.Consents}.
 */
@NullMarked
package dev.colloquy.consent;

import org.jspecify.annotations.NullMarked;

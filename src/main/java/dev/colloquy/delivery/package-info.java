/**
 * What leaves the building: rows written with the message that caused them, and sent from there.
 *
 * <p>May use {@code skill}, {@code conversation}, {@code apikey}, {@code organization} and {@code
 * platform}. Start reading at {@link dev.colloquy.delivery.Outbox}.
 */
@NullMarked
package dev.colloquy.delivery;

import org.jspecify.annotations.NullMarked;

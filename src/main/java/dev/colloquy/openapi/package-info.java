/**
 * The API's own description: what annotations say of each operation, made whole when the server is
 * built.
 *
 * <p>May use {@code apikey}, {@code idempotency} and {@code platform.http}; nothing uses it. Start
 * reading at {@link dev.colloquy.openapi.DocumentFilter}.
 */
@NullMarked
package dev.colloquy.openapi;

import org.jspecify.annotations.NullMarked;

/**
 * The embedded PostgreSQL: unpacked, initialized, started, watched and stopped by this program.
 *
 * <p>May use nothing else of the project. Start reading at {@link
 * dev.colloquy.platform.postgres.EmbeddedPostgres}.
 */
@NullMarked
package dev.colloquy.platform.postgres;

import org.jspecify.annotations.NullMarked;

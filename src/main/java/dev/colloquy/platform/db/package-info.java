/**
 * The database as every feature uses it: transactions, ids and times.
 *
 * <p>May use nothing else of the project. Start reading at {@link
 * dev.colloquy.platform.db.Database}.
 */
@NullMarked
package dev.colloquy.platform.db;

import org.jspecify.annotations.NullMarked;

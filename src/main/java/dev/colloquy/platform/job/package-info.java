/**
 * Durable background work, by db-scheduler: written in the transaction of the fact that causes it,
 * done at least once on any node.
 *
 * <p>May use {@code platform.db}. Start reading at {@link dev.colloquy.platform.job.Jobs}.
 */
@NullMarked
package dev.colloquy.platform.job;

import org.jspecify.annotations.NullMarked;

/**
 * What happens before the server starts and after it stopped: settings, checks, the database.
 *
 * <p>May use {@code platform.postgres}. Start reading at {@link
 * dev.colloquy.platform.launch.Launch}.
 */
@NullMarked
package dev.colloquy.platform.launch;

import org.jspecify.annotations.NullMarked;

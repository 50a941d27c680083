/**
 * E-mail: what goes out by SMTP, and what comes in by IMAP or from a gateway.
 *
 * <p>May use {@code channel} and what that may use. Start reading at {@link
 * dev.colloquy.channel.email.MessageIds}.
 */
@NullMarked
package dev.colloquy.channel.email;

import org.jspecify.annotations.NullMarked;

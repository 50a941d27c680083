/**
 * The page at {@code /dev/channels}: captured mails, texts and calls as the person would see them
 * who was written to, and answers in that person's name.
 *
 * <p>May use {@code channel} and what that may use. Start reading at {@link
 * dev.colloquy.channel.captured.CapturedResource}, and at {@link
 * dev.colloquy.channel.captured.CapturedChannels} for when it is there.
 */
@NullMarked
package dev.colloquy.channel.captured;

import org.jspecify.annotations.NullMarked;

/**
 * Channels: what goes out over them from delivery rows, and what comes in, kept before it is looked
 * at. Each channel is a package of its own below.
 *
 * <p>May use {@code turn}, {@code message}, {@code delivery}, {@code consent}, {@code skill} and
 * what they may use. Start reading at {@link dev.colloquy.channel.ChannelProvider} and {@link
 * dev.colloquy.channel.InboundHandler}.
 */
@NullMarked
package dev.colloquy.channel;

import org.jspecify.annotations.NullMarked;

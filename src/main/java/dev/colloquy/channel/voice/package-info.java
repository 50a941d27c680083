/**
 * Calls: those that agents make and those that they take, over Vapi or over Twilio's
 * ConversationRelay. What the provider hears becomes questions, and replies are spoken as they are
 * made.
 *
 * <p>May use {@code channel} and what it may use. Start reading at {@link
 * dev.colloquy.channel.voice.Dialogue}, where both providers' calls are talked in, and at {@link
 * dev.colloquy.channel.voice.CallProgress}, where what becomes of a call is kept.
 */
@NullMarked
package dev.colloquy.channel.voice;

import org.jspecify.annotations.NullMarked;

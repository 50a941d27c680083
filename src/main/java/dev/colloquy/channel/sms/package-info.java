/**
 * SMS through Twilio's API, or a gateway that speaks it: what is sent, what comes in, and the words
 * that stop it.
 *
 * <p>May use {@code channel} and what that may use. Start reading at {@link
 * dev.colloquy.channel.sms.TwilioSmsProvider} and {@link
 * dev.colloquy.channel.sms.TwilioSmsResource}.
 */
@NullMarked
package dev.colloquy.channel.sms;

import org.jspecify.annotations.NullMarked;

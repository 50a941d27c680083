/**
 * What an agent can do beside answering: its settings of e-mail, SMS and voice, with the providers'
 * secrets sealed.
 *
 * <p>May use {@code apikey}, {@code organization} and {@code platform}. Start reading at {@link
 * dev.colloquy.skill.Skills}.
 */
@NullMarked
package dev.colloquy.skill;

import org.jspecify.annotations.NullMarked;

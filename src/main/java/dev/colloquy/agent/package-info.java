/**
 * Agents: what they are told, which model answers for them, and the keys that speak for them.
 *
 * <p>May use {@code apikey}, {@code skill}, {@code model} (names only), {@code organization} and
 * {@code platform}. Start reading at {@link dev.colloquy.agent.AgentResource}.
 */
@NullMarked
package dev.colloquy.agent;

import org.jspecify.annotations.NullMarked;

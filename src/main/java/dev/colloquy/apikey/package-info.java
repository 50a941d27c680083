/**
 * Who calls: agent, organization and super-admin keys, and the check that stands before every
 * operation.
 *
 * <p>May use {@code organization} and {@code platform}. Start reading at {@link
 * dev.colloquy.apikey.ApiKeys}.
 */
@NullMarked
package dev.colloquy.apikey;

import org.jspecify.annotations.NullMarked;

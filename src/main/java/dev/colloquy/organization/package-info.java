/**
 * Organizations, and the typed ids of what they own.
 *
 * <p>May use {@code platform}. Start reading at {@link dev.colloquy.organization.OrganizationId}.
 */
@NullMarked
package dev.colloquy.organization;

import org.jspecify.annotations.NullMarked;

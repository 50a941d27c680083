/**
 * HTTP as every feature uses it: errors, request ids, paging parameters.
 *
 * <p>May use {@code platform.json}. Start reading at {@link
 * dev.colloquy.platform.http.ApiException}.
 */
@NullMarked
package dev.colloquy.platform.http;

import org.jspecify.annotations.NullMarked;

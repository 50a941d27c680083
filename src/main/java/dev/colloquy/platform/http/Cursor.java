package dev.colloquy.platform.http;

import dev.colloquy.platform.db.Ids;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list that is sorted by a number and then by an id. Callers get it as opaque text.
 *
 * @param position milliseconds since 1970 where the list is sorted by time, else a sequence number
 * @param id the item's id
 */
public record Cursor(long position, UUID id) {
  // The year 10000, in milliseconds: PostgreSQL's times go further, but not as far as a long.
  private static final long LATEST = 253_402_300_800_000L;

  /** The text that a caller sends back. */
  public String text() {
    var plain = position + "." + id;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
  }

  static @Nullable Cursor parse(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      var plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      var dot = plain.indexOf('.');
      var position = Long.parseLong(plain, 0, Math.max(dot, 0), 10);
      if (position >= 0 && position < LATEST) {
        return new Cursor(position, Ids.inPath(plain.substring(dot + 1)));
      }
    } catch (IllegalArgumentException e) {
      // Answered below, like a position that no page ends at.
    }
    throw ApiException.badField("cursor", "is not a nextCursor of an earlier page");
  }
}

package dev.colloquy.event;

import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/**
 * A place in an agent's feed: after the event with these three, by which the feed is sorted.
 * Callers get it as opaque text.
 *
 * @param position from 0; conversation_activity.position as it was when the event was written
 * @param seq from 0; the event's number in its conversation
 */
record FeedCursor(long position, UUID conversation, long seq) {
  private static final UUID NONE = new UUID(0, 0);

  /** Before all events. */
  static final FeedCursor START = new FeedCursor(0, NONE, 0);

  /** Before all events from that position on. */
  static FeedCursor before(long position) {
    return new FeedCursor(position, NONE, 0);
  }

  /** The text that a caller sends back. */
  String text() {
    var plain = position + "." + seq + "." + conversation;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The place that the text stands for.
   *
   * @throws ApiException 400 naming the field where it stands for none
   */
  static FeedCursor parse(String field, String text) {
    try {
      var plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      var parts = plain.split("\\.", -1);
      if (parts.length == 3) {
        var cursor =
            new FeedCursor(
                Long.parseLong(parts[0]), Ids.inPath(parts[2]), Long.parseLong(parts[1]));
        if (cursor.position >= 0 && cursor.seq >= 0) {
          return cursor;
        }
      }
    } catch (IllegalArgumentException e) {
      // Answered below, like a place that cannot be.
    }
    throw ApiException.badField(field, "is not an id or a nextCursor of this feed");
  }
}

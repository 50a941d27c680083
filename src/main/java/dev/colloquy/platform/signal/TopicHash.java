package dev.colloquy.platform.signal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The first eight bytes of a topic's SHA-256. Nodes tell each other by it what they listen to: ten
 * thousand topics fit twenty messages. Two topics that share one cost a hint too many, no more.
 */
final class TopicHash {
  /** How many letters {@link #text} has. */
  static final int LENGTH = 11;

  private TopicHash() {}

  static long of(String topic) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(topic.getBytes(UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Base64url without padding (RFC 4648, section 5). */
  static String text(long hash) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(ByteBuffer.allocate(Long.BYTES).putLong(hash).array());
  }

  /**
   * The hash that the text spells.
   *
   * @throws IllegalArgumentException for any other text
   */
  static long parse(String text) {
    var bytes = Base64.getUrlDecoder().decode(text);
    if (bytes.length != Long.BYTES) {
      throw new IllegalArgumentException("no hash of a topic");
    }
    return ByteBuffer.wrap(bytes).getLong();
  }
}

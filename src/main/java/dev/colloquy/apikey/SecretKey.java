package dev.colloquy.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A key as its owner holds it. It is shown once, when it is made, and never stored: what is stored
 * is its {@link #hash()} (invariant 9).
 *
 * @param text 8 to 200 printable ASCII characters without spaces
 */
public record SecretKey(String text) {
  private static final int BYTES = 32;
  private static final int HINT = 4;
  private static final int MIN = 8;
  private static final int MAX = 200;
  private static final SecureRandom RANDOM = new SecureRandom();

  public SecretKey {
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException(
          "a key must be %d to %d printable ASCII characters without spaces".formatted(MIN, MAX));
    }
  }

  /** Whether the text could be a key at all. */
  static boolean isWellFormed(String text) {
    return text.length() >= MIN
        && text.length() <= MAX
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  /** A new key of 256 random bits, with the prefix of its kind. */
  public static SecretKey random(KeyKind kind) {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new SecretKey(
        kind.prefix() + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** The SHA-256 of the key's text. */
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The key's last characters, by which its owner can tell it from others. */
  String hint() {
    return "…" + text.substring(text.length() - HINT);
  }

  @Override
  public String toString() {
    return "SecretKey[" + hint() + "]";
  }
}

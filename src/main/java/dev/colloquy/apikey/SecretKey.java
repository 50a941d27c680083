package dev.colloquy.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A key as its owner holds it. It is shown once, when it is made, and never stored: what is stored
 * is its {@link #hash()} (invariant 9).
 *
 * @param text 8 to 200 printable ASCII characters without spaces
 */
public record SecretKey(String text) {
  /** What a key looks like, as a regular expression. */
  public static final String FORM = "[!-~]{8,200}";

  /** The same for a person. */
  public static final String FORM_IN_WORDS = "8 to 200 printable ASCII characters without spaces";

  private static final Pattern WELL_FORMED = Pattern.compile(FORM);
  private static final int BYTES = 32;
  private static final int HINT = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  public SecretKey {
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException("a key must be " + FORM_IN_WORDS);
    }
  }

  /** Whether the text could be a key at all. */
  static boolean isWellFormed(String text) {
    return WELL_FORMED.matcher(text).matches();
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

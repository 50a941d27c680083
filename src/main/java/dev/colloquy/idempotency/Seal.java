package dev.colloquy.idempotency;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Seals stored answers with AES-256-GCM (NIST SP 800-38D), under a key made by HKDF-SHA256 (RFC
 * 5869) from what the caller sends with each repeat and the server does not store. What lies in the
 * database is then readable to nobody who has only the database (invariant 9).
 */
final class Seal {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int KEY_BYTES = 32;
  // A random nonce of 96 bits: a key seals one answer, and another only once that has expired.
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKey key;

  private Seal(SecretKey key) {
    this.key = key;
  }

  /**
   * The seal of one request's answer.
   *
   * @param secret what the caller sends
   * @param scope the request's, so that no two requests have one key
   */
  static Seal of(byte[] secret, byte[] scope) {
    try {
      var parameters = HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(scope, KEY_BYTES);
      return new Seal(KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has HKDF-SHA256", e);
    }
  }

  byte[] close(byte[] answer) {
    var nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, nonce);
      var sealed = cipher.doFinal(answer);
      return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an answer cannot be sealed", e);
    }
  }

  /** The answer; nothing where another secret sealed it. */
  Optional<byte[]> open(byte[] sealed) {
    var nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
    try {
      var cipher = cipher(Cipher.DECRYPT_MODE, nonce);
      return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an answer cannot be opened", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    var cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}

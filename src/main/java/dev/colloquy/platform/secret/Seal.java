package dev.colloquy.platform.secret;

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
 * Seals what is stored with AES-256-GCM (NIST SP 800-38D), under a key made by HKDF-SHA256 (RFC
 * 5869) from a secret that the database does not have. What lies there is then readable to nobody
 * who has only the database (invariant 9).
 */
public final class Seal {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int KEY_BYTES = 32;
  // A random nonce of 96 bits: no key seals anywhere near the 2^32 texts that it is good for.
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKey key;

  private Seal(SecretKey key) {
    this.key = key;
  }

  /**
   * A seal.
   *
   * @param secret what the key is made from
   * @param scope what is sealed, so that no two kinds of things have one key
   */
  public static Seal of(byte[] secret, byte[] scope) {
    try {
      var parameters = HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(scope, KEY_BYTES);
      return new Seal(KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has HKDF-SHA256", e);
    }
  }

  /** The text, sealed: nonce, then cipher text and tag. */
  public byte[] close(byte[] answer) {
    var nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, nonce);
      var sealed = cipher.doFinal(answer);
      return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it cannot be sealed", e);
    }
  }

  /** The text; nothing where another secret sealed it, or it was changed. */
  public Optional<byte[]> open(byte[] sealed) {
    if (sealed.length <= NONCE_BYTES) {
      return Optional.empty();
    }
    var nonce = java.util.Arrays.copyOf(sealed, NONCE_BYTES);
    try {
      var cipher = cipher(Cipher.DECRYPT_MODE, nonce);
      return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it cannot be opened", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    var cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}

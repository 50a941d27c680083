package dev.colloquy.skill;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the keys that sign mails. */
public final class DkimKey {
  // RFC 8301, section 3.2: verifiers must not accept shorter ones.
  private static final int SHORTEST = 1_024;
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

  private DkimKey() {}

  /**
   * The key of a text.
   *
   * @param pem an RSA key in PEM (RFC 7468, section 10: PKCS #8, not encrypted)
   * @return nothing where it is none, or too short to be worth anything
   */
  public static Optional<RSAPrivateKey> read(String pem) {
    var parts = PEM.matcher(pem);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var bytes = Base64.getMimeDecoder().decode(parts.group(1));
      var key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes));
      return key instanceof RSAPrivateKey rsa && rsa.getModulus().bitLength() >= SHORTEST
          ? Optional.of(rsa)
          : Optional.empty();
    } catch (IllegalArgumentException | InvalidKeySpecException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }
}

package dev.colloquy.platform.secret;

import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Uses the installation's secret key, {@code colloquy.secret-key}: seals providers' secrets before
 * they are stored, and signs tokens that come back from outside. All nodes need the same key. An
 * embedded installation makes one in its data folder. Safe for many threads.
 */
@Singleton
public final class Secrets {
  private static final String MAC = "HmacSHA256";
  // 128 bits: nobody guesses them, and addresses and URLs stay short.
  private static final int SIGNATURE_BYTES = 16;
  private static final int SHORT_SIGNATURE_BYTES = 10;
  private static final int SHORTEST_KEY = 16;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final byte @Nullable [] key;

  public Secrets(@ConfigProperty(name = "colloquy.secret-key") Optional<String> key) {
    this.key =
        key.filter(k -> !k.isBlank()).map(k -> k.getBytes(StandardCharsets.UTF_8)).orElse(null);
    if (this.key != null) {
      problem(key.orElseThrow())
          .ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
          });
    }
  }

  /** What is wrong with a key that is set, also before there is a server; empty: nothing. */
  public static Optional<String> problem(String key) {
    return key.getBytes(StandardCharsets.UTF_8).length < SHORTEST_KEY
        ? Optional.of("colloquy.secret-key must have at least " + SHORTEST_KEY + " characters")
        : Optional.empty();
  }

  /** Whether the installation has a secret key. */
  public boolean isAvailable() {
    return key != null;
  }

  /**
   * The text as it may be stored.
   *
   * @param scope where it is stored, for example the agent's id: what is sealed for one place
   *     cannot be read in another
   */
  public byte[] seal(String scope, String text) {
    return Seal.of(require(), bytes("seal:" + scope)).close(bytes(text));
  }

  /** The text that was sealed for the scope; nothing where that was under another secret key. */
  public Optional<String> open(String scope, byte[] sealed) {
    return Seal.of(require(), bytes("seal:" + scope))
        .open(sealed)
        .map(text -> new String(text, StandardCharsets.UTF_8));
  }

  /**
   * A signature of 22 characters (letters, digits, {@code -} and {@code _}): HMAC-SHA256 (RFC
   * 2104), cut to 128 bits.
   *
   * @param purpose what the text is signed for, so that a signature is good for nothing else
   */
  public String sign(String purpose, String text) {
    return BASE64.encodeToString(signature(purpose, text));
  }

  /** Whether the signature is this installation's; takes the same time whatever is wrong. */
  public boolean isSigned(String purpose, String text, String signature) {
    return MessageDigest.isEqual(
        bytes(sign(purpose, text)), signature.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A signature of 16 lower-case letters and digits, for what may lose its case on its way: the
   * first 80 bits in base 32 (RFC 4648, section 7).
   */
  public String signWithoutCase(String purpose, String text) {
    return Base32.encode(Arrays.copyOf(signature(purpose, text), SHORT_SIGNATURE_BYTES));
  }

  private byte[] signature(String purpose, String text) {
    try {
      var mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(require(), MAC));
      return Arrays.copyOf(mac.doFinal(bytes(purpose + "\n" + text)), SIGNATURE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  private byte[] require() {
    if (key == null) {
      throw ApiException.of(
          ErrorCode.UNAVAILABLE,
          "colloquy.secret-key",
          "is not set on this server, and channels need it");
    }
    return key;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.colloquy.idempotency;

import dev.colloquy.apikey.KeyOwner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What a request with an Idempotency-Key is known by. Its scope is the key's owner, the method, the
 * path and the Idempotency-Key; its fingerprint is made of the query and the body, byte by byte. It
 * lives as long as the request.
 */
public final class IdempotentRequest {
  private final byte[] scope;
  private final byte[] fingerprint;
  private final String key;
  private final String apiKey;

  private IdempotentRequest(byte[] scope, byte[] fingerprint, String key, String apiKey) {
    this.scope = scope;
    this.fingerprint = fingerprint;
    this.key = key;
    this.apiKey = apiKey;
  }

  /**
   * A request whose body has been read.
   *
   * @param body the SHA-256 of the body; of nothing where the operation takes none
   * @param apiKey the API key that the caller presented
   */
  static IdempotentRequest of(
      KeyOwner owner,
      String method,
      String path,
      @Nullable String query,
      byte[] body,
      String key,
      String apiKey) {
    return new IdempotentRequest(
        hash(text(owner(owner)), text(method), text(path), text(key)),
        hash(text(query == null ? "" : query), body),
        key,
        apiKey);
  }

  private static String owner(KeyOwner owner) {
    return switch (owner) {
      case KeyOwner.OfAgent(var agent, var _) -> "agent " + agent;
      case KeyOwner.OfOrganization(var organization) -> "organization " + organization;
      case KeyOwner.OfInstallation() -> "installation";
    };
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** With the length of each part before it, so that no two lists of parts are alike. */
  private static byte[] hash(byte[]... parts) {
    var digest = Sha256.digest();
    for (var part : parts) {
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
      digest.update(part);
    }
    return digest.digest();
  }

  byte[] scope() {
    return scope.clone();
  }

  /** 64 bits of the scope, which name the advisory lock of requests that are alike. */
  long lock() {
    return ByteBuffer.wrap(scope).getLong();
  }

  byte[] fingerprint() {
    return fingerprint.clone();
  }

  boolean hasFingerprint(byte[] other) {
    return MessageDigest.isEqual(fingerprint, other);
  }

  /**
   * What the stored answer is sealed with: the Idempotency-Key, which every key of the owner can
   * repeat, or the API key, for an answer that shows a secret.
   */
  byte[] sealedWith(boolean showsSecret) {
    return text(showsSecret ? apiKey : key);
  }
}

package dev.colloquy.apikey;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is stored: everything but the secret.
 *
 * @param hint the secret's last characters
 * @param lastUsedAt when it was last seen, to about a minute
 */
public record ApiKey(
    KeyId id,
    KeyOwner owner,
    String hint,
    String name,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Instant lastUsedAt) {

  boolean isValidAt(Instant now) {
    return revokedAt == null && (expiresAt == null || expiresAt.isAfter(now));
  }
}

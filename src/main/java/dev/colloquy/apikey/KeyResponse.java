package dev.colloquy.apikey;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A key as its owner sees it. */
@Schema(name = "Key", description = "An API key: all but the secret, which is shown once.")
public record KeyResponse(
    @Schema(required = true) String id,
    @Schema(required = true) KeyKind kind,
    @Schema(description = "Keys of agents only.") @Nullable String agentId,
    @Schema(description = "Keys of agents and organizations.") @Nullable String organizationId,
    @Schema(examples = "Web shop", required = true) String name,
    @Schema(description = "The secret's last characters.", examples = "…x7Qa", required = true)
        String hint,
    @Schema(required = true) Instant createdAt,
    @Schema(description = "From then on it is refused; left out: never.")
        @Nullable Instant expiresAt,
    @Schema(description = "Since then it has been refused.") @Nullable Instant revokedAt,
    @Schema(description = "When it was last seen, to about a minute.") @Nullable Instant lastUsedAt,
    @Schema(description = "The secret; only in the answer to its creation, and never again.")
        @Nullable String key) {

  /** The key without its secret. */
  public static KeyResponse of(ApiKey key) {
    return of(key, null);
  }

  /** The key just made, with its secret. */
  public static KeyResponse issued(ApiKeys.Issued issued) {
    return of(issued.key(), issued.secret().text());
  }

  private static KeyResponse of(ApiKey key, @Nullable String secret) {
    var agent = key.owner() instanceof KeyOwner.OfAgent(var id, var _) ? id.toString() : null;
    var organization =
        switch (key.owner()) {
          case KeyOwner.OfAgent(var _, var id) -> id.toString();
          case KeyOwner.OfOrganization(var id) -> id.toString();
          case KeyOwner.OfInstallation() -> null;
        };
    return new KeyResponse(
        key.id().toString(),
        key.owner().kind(),
        agent,
        organization,
        key.name(),
        key.hint(),
        key.createdAt(),
        key.expiresAt(),
        key.revokedAt(),
        key.lastUsedAt(),
        secret);
  }
}

package dev.colloquy.apikey;

import dev.colloquy.platform.http.ApiException;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A new key of an owner that the path or the caller names. */
@Schema(name = "KeyRequest", description = "A new key.")
public record KeyRequest(
    @Schema(description = "What it is for.", examples = "Web shop", required = true)
        @NotBlank
        @Size(max = 255)
        String name,
    @Schema(description = "From then on it is refused; left out: never.")
        @Nullable Instant expiresAt) {

  /** Refuses a key that has expired already. */
  public void check(Instant now) {
    checkExpiry(expiresAt, now);
  }

  static void checkExpiry(@Nullable Instant expiresAt, Instant now) {
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw ApiException.badField("expiresAt", "must be in the future");
    }
    if (expiresAt != null && expiresAt.isAfter(LATEST)) {
      throw ApiException.badField("expiresAt", "must be before the year 10000");
    }
  }

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");
}

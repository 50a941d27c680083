package dev.colloquy.skill;

import dev.colloquy.platform.json.Text;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An account at Twilio, or at a gateway that speaks its API. */
@Schema(name = "TwilioAccount")
public record TwilioAccount(
    @Schema(examples = "AC0123456789abcdef0123456789abcdef", required = true)
        @NotBlank
        @Size(max = 64)
        @Pattern(regexp = "[A-Za-z0-9_-]*", message = "must be an account's SID")
        String accountSid,
    @Schema(
            description = "Signs its webhooks and logs in to its API. Never shown.",
            writeOnly = true)
        @Size(max = 255)
        @Nullable String authToken,
    @Schema(description = "Where its API is; left out: the installation's, else Twilio's own.")
        @Size(max = 1_000)
        @Pattern(regexp = "(https?://[^\\s]+)?", message = "must be an http or https address")
        @Nullable String baseUrl) {
  public TwilioAccount {
    authToken = Text.orNull(authToken);
    baseUrl = Text.orNull(baseUrl);
  }

  TwilioAccount withToken(@Nullable String token) {
    return new TwilioAccount(accountSid, token, baseUrl);
  }

  /** A token is for one account at one place: it does not follow a change to another. */
  static @Nullable TwilioAccount completed(
      @Nullable TwilioAccount now, @Nullable TwilioAccount before) {
    return now == null
            || now.authToken != null
            || before == null
            || !before.accountSid.equals(now.accountSid)
            || !java.util.Objects.equals(before.baseUrl, now.baseUrl)
        ? now
        : now.withToken(before.authToken);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "TwilioAccount[accountSid=%s, baseUrl=%s]".formatted(accountSid, baseUrl);
  }
}

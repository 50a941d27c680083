package dev.colloquy.skill;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.colloquy.platform.json.Text;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How an agent sends and receives SMS. */
@Schema(
    name = "SmsSkill",
    description =
        "How an agent sends and receives SMS. Secrets are written and never shown; one that is left"
            + " out stays as it was.")
public record SmsSkill(
    @Schema(defaultValue = "active") @Nullable SkillStatus status,
    @Schema(description = "The number it writes from, in E.164.", examples = "+12125550100")
        @Pattern(regexp = "(\\+[1-9][0-9]{6,14})?", message = "must be a phone number in E.164")
        @Nullable String phoneNumber,
    @Schema(description = "Kept and shown.") @Size(max = 1_600)
        @Nullable String defaultSmsIntroduction,
    @Schema(description = "What stands below messages that are to be signed.") @Size(max = 500)
        @Nullable String smsSignature,
    @Schema(description = "Beyond the published API: its account; left out: the installation's.")
        @Valid
        @Nullable TwilioAccount twilio,
    @Schema(
            description =
                "Beyond the published API: how many segments a reply may have before it is sent as"
                    + " several messages; left out: the installation's number.")
        @Min(1)
        @Max(10)
        @Nullable Integer maxSegments,
    @Schema(
            description =
                "Beyond the published API: when nothing that the agent begins is sent, by the clock"
                    + " of the number's region.")
        @Valid
        @Nullable QuietHours quietHours)
    implements SkillSettings {

  /** A time of the day in which people are left alone. */
  @Schema(name = "QuietHours")
  public record QuietHours(
      @Schema(description = "The first minute of it.", examples = "21:00", required = true)
          @NotBlank
          @Pattern(regexp = "([01][0-9]|2[0-3]):[0-5][0-9]", message = "must be a time, as 21:00")
          String from,
      @Schema(
              description = "The first minute after it, perhaps of the next day.",
              examples = "08:00",
              required = true)
          @NotBlank
          @Pattern(regexp = "([01][0-9]|2[0-3]):[0-5][0-9]", message = "must be a time, as 08:00")
          String until,
      @Schema(
              description =
                  "Whether replies wait too; left out, only what the agent or a person begins"
                      + " does.",
              defaultValue = "false")
          @Nullable Boolean includesReplies) {}

  public SmsSkill {
    phoneNumber = Text.orNull(phoneNumber);
    defaultSmsIntroduction = Text.orNull(defaultSmsIntroduction);
    smsSignature = Text.orNull(smsSignature);
  }

  @Override
  @JsonIgnore
  public SkillName name() {
    return SkillName.SMS;
  }

  @Override
  @JsonIgnore
  public @Nullable String address() {
    return phoneNumber;
  }

  @Override
  public SmsSkill withoutSecrets() {
    return with(twilio == null ? null : twilio.withToken(null));
  }

  @Override
  public SmsSkill withSecretsOf(SkillSettings old) {
    return old instanceof SmsSkill before
        ? with(TwilioAccount.completed(twilio, before.twilio))
        : this;
  }

  private SmsSkill with(@Nullable TwilioAccount account) {
    return new SmsSkill(
        status,
        phoneNumber,
        defaultSmsIntroduction,
        smsSignature,
        account,
        maxSegments,
        quietHours);
  }

  /** The same, with what the installation has where the agent has nothing of its own. */
  SmsSkill orElse(@Nullable String number, @Nullable TwilioAccount account, int segments) {
    return new SmsSkill(
        status == null ? SkillStatus.ACTIVE : status,
        phoneNumber == null ? number : phoneNumber,
        defaultSmsIntroduction,
        smsSignature,
        twilio == null ? account : twilio,
        maxSegments == null ? Integer.valueOf(segments) : maxSegments,
        quietHours);
  }
}

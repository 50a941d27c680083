package dev.colloquy.skill;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.colloquy.platform.json.Text;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How an agent makes and takes calls. */
@Schema(
    name = "VoiceSkill",
    description =
        "How an agent makes and takes calls. Secrets are written and never shown; one that is left"
            + " out stays as it was.")
public record VoiceSkill(
    @Schema(defaultValue = "active") @Nullable SkillStatus status,
    @Schema(
            description =
                "Beyond the published API: who carries its calls; left out: the installation's.")
        @Nullable Provider provider,
    @Schema(description = "Vapi: the assistant that speaks; left out: one is made for each call.")
        @Size(max = 255)
        @Nullable String vApiAssistantId,
    @Schema(description = "Vapi: the number that calls.") @Size(max = 255)
        @Nullable String vApiPhoneNumberId,
    @Schema(description = "Beyond the published API: its account at Vapi.") @Valid
        @Nullable VapiAccount vapi,
    @Schema(description = "Beyond the published API: its account at Twilio.") @Valid
        @Nullable TwilioAccount twilio,
    @Schema(
            description = "Beyond the published API: Twilio: the number that calls and is called.",
            examples = "+12125550100")
        @Pattern(regexp = "(\\+[1-9][0-9]{6,14})?", message = "must be a phone number in E.164")
        @Nullable String phoneNumber,
    @Schema(description = "Beyond the published API: what a call that comes in is greeted with.")
        @Size(max = 1_000)
        @Nullable String greeting,
    @Schema(description = "Beyond the published API: what is spoken and heard.", examples = "en-US")
        @Size(max = 35)
        @Pattern(regexp = "[A-Za-z0-9-]*", message = "must be a language tag")
        @Nullable String language,
    @Schema(description = "Beyond the published API: the voice, by its provider's name.")
        @Size(max = 255)
        @Pattern(regexp = "[A-Za-z0-9._ -]*", message = "must be the name of a voice")
        @Nullable String voice)
    implements SkillSettings {

  /** Who carries calls. */
  public enum Provider {
    @JsonProperty("vapi")
    VAPI,
    /** Twilio's ConversationRelay. */
    @JsonProperty("twilio")
    TWILIO
  }

  /** An account at Vapi. */
  @Schema(name = "VapiAccount")
  public record VapiAccount(
      @Schema(description = "Its private API key. Never shown.", writeOnly = true) @Size(max = 255)
          @Nullable String apiKey,
      @Schema(description = "What its webhooks are known by. Never shown.", writeOnly = true)
          @Size(max = 255)
          @Nullable String serverSecret,
      @Schema(description = "Where its API is; left out: the installation's, else Vapi's own.")
          @Size(max = 1_000)
          @Pattern(regexp = "(https?://[^\\s]+)?", message = "must be an http or https address")
          @Nullable String baseUrl) {
    public VapiAccount {
      apiKey = Text.orNull(apiKey);
      serverSecret = Text.orNull(serverSecret);
      baseUrl = Text.orNull(baseUrl);
    }

    /** Without secrets. */
    @Override
    public String toString() {
      return "VapiAccount[baseUrl=%s]".formatted(baseUrl);
    }
  }

  public VoiceSkill {
    vApiAssistantId = Text.orNull(vApiAssistantId);
    vApiPhoneNumberId = Text.orNull(vApiPhoneNumberId);
    phoneNumber = Text.orNull(phoneNumber);
    greeting = Text.orNull(greeting);
    language = Text.orNull(language);
    voice = Text.orNull(voice);
  }

  @Override
  @JsonIgnore
  public SkillName name() {
    return SkillName.VOICE;
  }

  @Override
  @JsonIgnore
  public @Nullable String address() {
    return phoneNumber;
  }

  @Override
  public VoiceSkill withoutSecrets() {
    return with(
        provider,
        vapi == null ? null : new VapiAccount(null, null, vapi.baseUrl),
        twilio == null ? null : twilio.withToken(null),
        phoneNumber);
  }

  @Override
  public VoiceSkill withSecretsOf(SkillSettings old) {
    return old instanceof VoiceSkill before
        ? with(
            provider,
            completed(vapi, before.vapi),
            TwilioAccount.completed(twilio, before.twilio),
            phoneNumber)
        : this;
  }

  private static @Nullable VapiAccount completed(
      @Nullable VapiAccount now, @Nullable VapiAccount before) {
    if (now == null || before == null || !java.util.Objects.equals(before.baseUrl, now.baseUrl)) {
      return now;
    }
    return new VapiAccount(
        now.apiKey == null ? before.apiKey : now.apiKey,
        now.serverSecret == null ? before.serverSecret : now.serverSecret,
        now.baseUrl);
  }

  private VoiceSkill with(
      @Nullable Provider provider,
      @Nullable VapiAccount vapi,
      @Nullable TwilioAccount twilio,
      @Nullable String phoneNumber) {
    return new VoiceSkill(
        status,
        provider,
        vApiAssistantId,
        vApiPhoneNumberId,
        vapi,
        twilio,
        phoneNumber,
        greeting,
        language,
        voice);
  }

  /** The same, with what the installation has where the agent has nothing of its own. */
  VoiceSkill orElse(VoiceSkill installation) {
    return new VoiceSkill(
        status == null ? SkillStatus.ACTIVE : status,
        provider == null ? installation.provider : provider,
        vApiAssistantId == null ? installation.vApiAssistantId : vApiAssistantId,
        vApiPhoneNumberId == null ? installation.vApiPhoneNumberId : vApiPhoneNumberId,
        vapi == null ? installation.vapi : vapi,
        twilio == null ? installation.twilio : twilio,
        phoneNumber == null ? installation.phoneNumber : phoneNumber,
        greeting == null ? installation.greeting : greeting,
        language == null ? installation.language : language,
        voice == null ? installation.voice : voice);
  }
}

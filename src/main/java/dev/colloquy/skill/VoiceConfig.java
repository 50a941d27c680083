package dev.colloquy.skill;

import dev.colloquy.platform.launch.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Calls of the installation, {@code colloquy.voice.*}: for agents without settings of their own.
 */
@ConfigMapping(prefix = "colloquy.voice")
public interface VoiceConfig {
  /** {@code vapi} or {@code twilio}. Default: none, calls are captured. */
  Optional<VoiceSkill.Provider> provider();

  /** The account at Vapi. */
  Vapi vapi();

  /** The account at Twilio. */
  Twilio twilio();

  /** Twilio: the number that calls, in E.164. Default: none. */
  Optional<@Pattern(regexp = SmsConfig.NUMBER, message = SmsConfig.NUMBER_IN_WORDS) String>
      phoneNumber();

  /** What calls that come in are greeted with. Default: {@code Hello, how can I help you?}. */
  @WithDefault("Hello, how can I help you?")
  String greeting();

  /** How long a provider may take to answer. Default 15 seconds. */
  @WithDefault("15s")
  @DurationMin(millis = 100)
  Duration timeout();

  /** The settings {@code colloquy.voice.vapi.*}. */
  interface Vapi {
    /** The private API key. Default: none. */
    Optional<String> apiKey();

    /** What webhooks are known by. Default: none. */
    Optional<String> serverSecret();

    /** Where the API is. Default: Vapi's own address. */
    @WithDefault("https://api.vapi.ai")
    @Pattern(regexp = Setting.HTTP_ADDRESS, message = "an address such as https://api.vapi.ai")
    String baseUrl();

    /** The number that calls, by Vapi's id. Default: none. */
    Optional<String> phoneNumberId();

    /** The assistant that speaks, by Vapi's id. Default: one is made for each call. */
    Optional<String> assistantId();
  }

  /** The settings {@code colloquy.voice.twilio.*}. */
  interface Twilio {
    /** The account's SID. Default: none. */
    Optional<String> accountSid();

    /** The account's token. Default: none. */
    Optional<String> authToken();

    /** Where the API is. Default: Twilio's own address. */
    @WithDefault("https://api.twilio.com")
    @Pattern(regexp = Setting.HTTP_ADDRESS, message = "an address such as https://api.twilio.com")
    String baseUrl();
  }
}

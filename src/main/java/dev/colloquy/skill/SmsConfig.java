package dev.colloquy.skill;

import dev.colloquy.platform.launch.Setting;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** SMS of the installation, {@code colloquy.sms.*}: for agents without settings of their own. */
@ConfigMapping(prefix = "colloquy.sms")
public interface SmsConfig {
  /** A telephone number (ITU-T E.164). */
  String NUMBER = "[+][1-9][0-9]{6,14}";

  /** The same for a person. */
  String NUMBER_IN_WORDS = "a number in E.164, such as +12125550100";

  /** The number that agents without one write from, in E.164. Default: none. */
  Optional<@Pattern(regexp = NUMBER, message = NUMBER_IN_WORDS) String> phoneNumber();

  /** The account at Twilio. Default: none, SMS are captured. */
  Twilio twilio();

  /** How many segments one message may have before it is split; 1 to 10, default 4. */
  @WithDefault("4")
  @Min(1)
  @Max(10)
  int maxSegments();

  /** How long the gateway may take to answer. Default 15 seconds. */
  @WithDefault("15s")
  @DurationMin(millis = 100)
  Duration timeout();

  /** Words that end all messages to a number, besides the standard ones. Default: none. */
  Optional<List<String>> stopWords();

  /** Words that allow messages again, besides the standard ones. Default: none. */
  Optional<List<String>> startWords();

  /** Words that ask for help, besides the standard one. Default: none. */
  Optional<List<String>> helpWords();

  /** The settings {@code colloquy.sms.twilio.*}. */
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

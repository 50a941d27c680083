package dev.colloquy.skill;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * E-mail of the installation, {@code colloquy.email.*}: for agents without settings of their own.
 */
@ConfigMapping(prefix = "colloquy.email")
public interface EmailConfig {
  /** The address that agents without one write from. Default: none, they write no mails. */
  Optional<
          @Pattern(
              regexp = "[^@\\s<>,;]+@[^@\\s<>,;]+",
              message = "an e-mail address such as agent@example.com")
          String>
      sender();

  /** The server that takes mails. Default: none, mails are captured. */
  Smtp smtp();

  /** The mailbox that is read for all agents. Default: none. */
  Imap imap();

  /** How many mails one correspondent gets within an hour; 1 to 1000, default 20. */
  @WithDefault("20")
  @Min(1)
  @Max(1_000)
  int mailsPerHour();

  /** How large a mail that comes in may be, in bytes of MIME. Default 25 MiB. */
  @WithDefault("26214400")
  @Min(1_024)
  @Max(104_857_600)
  int maxSize();

  /** How large a file of a mail may be to be kept, in bytes. Default 10 MiB. */
  @WithDefault("10485760")
  @Min(0)
  @Max(104_857_600)
  int attachmentMaxSize();

  /** How many files of a mail are kept; 0 to 100, default 20. */
  @WithDefault("20")
  @Min(0)
  @Max(100)
  int attachmentsMax();

  /** How long a server may take to connect or to answer. Default 30 seconds. */
  @WithDefault("30s")
  @DurationMin(millis = 100)
  Duration timeout();

  /** The settings {@code colloquy.email.smtp.*}. */
  interface Smtp {
    /** The server. Default: none. */
    Optional<String> host();

    /** Its port. Default: the protocol's own for the security: 465, 587 or 25. */
    @Min(1)
    @Max(65_535)
    OptionalInt port();

    /** {@code none}, {@code starttls} or {@code tls}. Default {@code tls}. */
    @WithDefault("tls")
    ConnectionSecurity security();

    /** The name to log in with. Default: none, no login. */
    Optional<String> username();

    /** That one's password. Default: none. */
    Optional<String> password();
  }

  /** The settings {@code colloquy.email.imap.*}. */
  interface Imap {
    /** The server. Default: none. */
    Optional<String> host();

    /** Its port. Default: the protocol's own for the security: 993 or 143. */
    @Min(1)
    @Max(65_535)
    OptionalInt port();

    /** {@code none}, {@code starttls} or {@code tls}. Default {@code tls}. */
    @WithDefault("tls")
    ConnectionSecurity security();

    /** The name to log in with. Default: none. */
    Optional<String> username();

    /** That one's password. Default: none. */
    Optional<String> password();

    /** The folder that is read. Default {@code INBOX}. */
    @WithDefault("INBOX")
    @WithName("folder")
    String folder();
  }
}

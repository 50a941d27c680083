package dev.colloquy.skill;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.colloquy.platform.json.Text;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How an agent sends and receives e-mail. */
@Schema(
    name = "EmailSkill",
    description =
        "How an agent sends and receives e-mail. Secrets are written and never shown; one that is"
            + " left out stays as it was.")
public record EmailSkill(
    @Schema(defaultValue = "active") @Nullable SkillStatus status,
    @Schema(
            description = "The address it writes from and is written to.",
            examples = "ada@example.com")
        @Size(max = 254)
        @Pattern(
            regexp = "[^\\s@<>\",;:()\\[\\]\\\\]+@[^\\s@<>\",;:()\\[\\]\\\\]+",
            message = "must be an e-mail address")
        @Nullable String email,
    @Schema(description = "The name beside the address; left out: the agent's public name.")
        @Size(max = 255)
        @Pattern(regexp = "\\P{Cntrl}*", message = "must not hold control characters")
        @Nullable String senderName,
    @Schema(description = "The subject of mails that bring none of their own.")
        @Size(max = 998)
        @Pattern(regexp = "\\P{Cntrl}*", message = "must not hold control characters")
        @Nullable String defaultSubject,
    @Schema(description = "Kept and shown.") @Size(max = 256_000)
        @Nullable String defaultEmailIntroduction,
    @Schema(description = "What stands below mails that are to be signed; Markdown.")
        @Size(max = 10_000)
        @Nullable String emailSignature,
    @Schema(
            description =
                "Beyond the published API: the server that takes its mails; left out: the"
                    + " installation's.")
        @Valid
        @Nullable MailServer smtp,
    @Schema(
            description =
                "Beyond the published API: the IMAP mailbox that is read for it; left out: none of"
                    + " its own.")
        @Valid
        @Nullable MailServer imap,
    @Schema(
            description = "Beyond the published API: the folder of that mailbox.",
            defaultValue = "INBOX")
        @Size(max = 255)
        @Nullable String imapFolder,
    @Schema(description = "Beyond the published API: signs its mails.") @Valid @Nullable Dkim dkim,
    @Schema(
            description =
                "Beyond the published API: hosts that links and images in its mails may point to;"
                    + " an entry stands for its subdomains too, and * for all. The host of the"
                    + " server's public address always may.",
            examples = "[\"example.com\"]")
        @Size(max = 100)
        @Nullable List<@NotBlank @Size(max = 255) String> allowedHosts,
    @Schema(
            description =
                "Beyond the published API: how many mails one correspondent gets within an hour;"
                    + " left out: the installation's number.")
        @Min(1)
        @Max(1_000)
        @Nullable Integer mailsPerHour)
    implements SkillSettings {
  static final String SUBJECT = "Your conversation with us";

  /** A mail server and how to log in there. */
  @Schema(name = "MailServer")
  public record MailServer(
      @Schema(examples = "mail.example.com", required = true) @NotBlank @Size(max = 255)
          String host,
      @Schema(
              description =
                  "Left out: the protocol's own for this security: 587, 465 or 25 for SMTP, 993 or"
                      + " 143 for IMAP.")
          @Min(1)
          @Max(65_535)
          @Nullable Integer port,
      @Schema(defaultValue = "tls") @Nullable ConnectionSecurity security,
      @Schema(description = "Left out: no login.") @Size(max = 255) @Nullable String username,
      @Schema(description = "Never shown.", writeOnly = true) @Size(max = 1_000)
          @Nullable String password) {
    public MailServer {
      username = Text.orNull(username);
      password = Text.orNull(password);
    }

    MailServer withPassword(@Nullable String other) {
      return new MailServer(host, port, security, username, other);
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "MailServer[host=%s, port=%s, security=%s]".formatted(host, port, security);
    }
  }

  /** A key that signs mails (RFC 6376). */
  @Schema(name = "Dkim", description = "A key that signs mails (DKIM).")
  public record Dkim(
      @Schema(examples = "example.com", required = true)
          @NotBlank
          @Size(max = 255)
          @Pattern(regexp = "[A-Za-z0-9.-]*", message = "must be a domain name")
          String domain,
      @Schema(examples = "colloquy", required = true)
          @NotBlank
          @Size(max = 63)
          @Pattern(regexp = "[A-Za-z0-9.-]*", message = "must be a domain label")
          String selector,
      @Schema(description = "An RSA key in PEM (PKCS #8). Never shown.", writeOnly = true)
          @Size(max = 10_000)
          @Nullable String privateKey) {
    public Dkim {
      privateKey = Text.orNull(privateKey);
    }

    /** Without the key. */
    @Override
    public String toString() {
      return "Dkim[domain=%s, selector=%s]".formatted(domain, selector);
    }
  }

  public EmailSkill {
    email = Text.orNull(email);
    senderName = Text.orNull(senderName);
    defaultSubject = Text.orNull(defaultSubject);
    defaultEmailIntroduction = Text.orNull(defaultEmailIntroduction);
    emailSignature = Text.orNull(emailSignature);
    imapFolder = Text.orNull(imapFolder);
    // Not List.copyOf, which fails at null: validation names what is null.
    allowedHosts =
        allowedHosts == null ? null : Collections.unmodifiableList(new ArrayList<>(allowedHosts));
  }

  @Override
  @JsonIgnore
  public SkillName name() {
    return SkillName.EMAIL;
  }

  @Override
  @JsonIgnore
  public @Nullable String address() {
    return email == null ? null : email.toLowerCase(Locale.ROOT);
  }

  @Override
  public EmailSkill withoutSecrets() {
    return with(
        smtp == null ? null : smtp.withPassword(null),
        imap == null ? null : imap.withPassword(null),
        dkim == null ? null : new Dkim(dkim.domain(), dkim.selector(), null));
  }

  @Override
  public EmailSkill withSecretsOf(SkillSettings old) {
    if (!(old instanceof EmailSkill before)) {
      return this;
    }
    var key = Optional.ofNullable(before.dkim).map(Dkim::privateKey).orElse(null);
    return with(
        completed(smtp, before.smtp),
        completed(imap, before.imap),
        dkim == null || dkim.privateKey() != null
            ? dkim
            : new Dkim(dkim.domain(), dkim.selector(), key));
  }

  /** A password is for one server: it does not follow a change to another one. */
  private static @Nullable MailServer completed(
      @Nullable MailServer now, @Nullable MailServer before) {
    return now == null
            || now.password() != null
            || before == null
            || !before.host().equalsIgnoreCase(now.host())
        ? now
        : now.withPassword(before.password());
  }

  private EmailSkill with(
      @Nullable MailServer smtp, @Nullable MailServer imap, @Nullable Dkim dkim) {
    return new EmailSkill(
        status,
        email,
        senderName,
        defaultSubject,
        defaultEmailIntroduction,
        emailSignature,
        smtp,
        imap,
        imapFolder,
        dkim,
        allowedHosts,
        mailsPerHour);
  }

  /** The subject of mails that bring none of their own. */
  public String subject() {
    return defaultSubject == null ? SUBJECT : defaultSubject;
  }

  /** The same, with what the installation has where the agent has nothing of its own. */
  EmailSkill orElse(@Nullable String sender, @Nullable MailServer relay, int perHour) {
    return new EmailSkill(
        status == null ? SkillStatus.ACTIVE : status,
        email == null ? sender : email,
        senderName,
        defaultSubject,
        defaultEmailIntroduction,
        emailSignature,
        smtp == null ? relay : smtp,
        imap,
        imapFolder,
        dkim,
        allowedHosts == null ? List.of() : allowedHosts,
        mailsPerHour == null ? Integer.valueOf(perHour) : mailsPerHour);
  }
}

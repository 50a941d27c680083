package dev.colloquy.channel.sms;

import dev.colloquy.channel.ChannelProvider;
import dev.colloquy.channel.SendResult;
import dev.colloquy.consent.ConsentAction;
import dev.colloquy.consent.ConsentEntry;
import dev.colloquy.consent.Consents;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.skill.Skills;
import dev.colloquy.skill.SmsConfig;
import dev.colloquy.skill.SmsSkill;
import dev.colloquy.skill.TwilioAccount;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Sends SMS through Twilio, or a gateway that speaks its API. Safe for many threads. */
@Singleton
public final class TwilioSmsProvider implements ChannelProvider {
  private final Database database;
  private final Skills skills;
  private final SmsConfig config;
  private final PublicUrl publicUrl;
  private final Clock clock;
  private final TwilioMessages messages;

  TwilioSmsProvider(
      Database database, Skills skills, SmsConfig config, PublicUrl publicUrl, Clock clock) {
    this.database = database;
    this.skills = skills;
    this.config = config;
    this.publicUrl = publicUrl;
    this.clock = clock;
    messages = new TwilioMessages(config.timeout());
  }

  @Override
  public String name() {
    return "twilio";
  }

  /** Twilio has no key by which it would know a repeat. */
  @Override
  public boolean dropsRepeats() {
    return false;
  }

  @Override
  public Optional<Instant> notBefore(Handle tx, Outgoing outgoing, Instant now) {
    return skills
        .sms(tx, outgoing.agent().agent())
        .map(SmsSkill::quietHours)
        .filter(quiet ->
            outgoing.kind() != DeliveryKind.REPLY || Boolean.TRUE.equals(quiet.includesReplies()))
        .flatMap(quiet -> QuietTime.end(quiet, QuietTime.zones(outgoing.recipient()), now));
  }

  @Override
  public SendResult send(Outgoing outgoing) throws InterruptedException {
    var skill = database.read(tx -> skills.sms(tx, outgoing.agent().agent()));
    var login = skill.flatMap(s -> login(s, config));
    if (login.isEmpty()) {
      // Its settings were taken away since; they may come back.
      return new SendResult.Retryable("no_account", null);
    }
    var result = messages.create(login.get(), fields(outgoing, skill.get(), login.get().baseUrl()));
    if (result instanceof SendResult.Rejected(var reason)
        && reason.equals(TwilioMessages.UNSUBSCRIBED)) {
      database.useTransaction(tx -> optOut(tx, outgoing, reason, Rows.now(clock)));
    }
    return result;
  }

  /** How the agent logs in; nothing where it has no account with a token. */
  static Optional<TwilioMessages.Login> login(SmsSkill skill, SmsConfig config) {
    return Optional.ofNullable(skill.twilio())
        .filter(account -> account.authToken() != null)
        .map(account ->
            new TwilioMessages.Login(
                baseUrl(account, config),
                account.accountSid(),
                Objects.requireNonNull(account.authToken())));
  }

  private static String baseUrl(TwilioAccount account, SmsConfig config) {
    return Optional.ofNullable(account.baseUrl()).orElse(config.twilio().baseUrl());
  }

  private Map<String, String> fields(Outgoing outgoing, SmsSkill skill, String baseUrl) {
    var own = Objects.requireNonNull(skill.phoneNumber());
    var fields = new LinkedHashMap<String, String>();
    fields.put("To", outgoing.recipient());
    fields.put("From", Objects.requireNonNullElse(outgoing.sender(), own));
    fields.put("Body", outgoing.body());
    if (publicUrl.isSet() || isLoopback(baseUrl)) {
      // A gateway elsewhere refuses an address that it cannot reach.
      var path =
          "/channels/sms/twilio/%s/status?delivery=%s&attempt=%d"
              .formatted(outgoing.agent().agent(), outgoing.id(), outgoing.attempts());
      fields.put("StatusCallback", publicUrl.of(path));
    }
    return fields;
  }

  private static boolean isLoopback(String baseUrl) {
    try {
      var host = URI.create(baseUrl).getHost();
      return "localhost".equals(host)
          || "[::1]".equals(host)
          || (host != null && host.startsWith("127."));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The gateway knows of an opt-out that we do not: it holds here too. */
  static void optOut(Handle tx, Outgoing outgoing, String reason, Instant now) {
    var agent = outgoing.agent();
    var isKnown =
        Consents.block(tx, agent.organization(), outgoing.channel(), outgoing.recipient())
            .filter(ConsentAction.OPT_OUT::equals)
            .isPresent();
    if (!isKnown) {
      Consents.add(
          tx,
          new ConsentEntry(
              agent.organization(),
              agent.agent(),
              outgoing.channel(),
              outgoing.recipient(),
              ConsentAction.OPT_OUT,
              reason,
              null,
              now));
    }
  }
}

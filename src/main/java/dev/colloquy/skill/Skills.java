package dev.colloquy.skill;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.secret.Secrets;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The skills of agents as they are used: their own settings, completed by the installation's, with
 * secrets. Methods with a {@code tx} run in the caller's transaction.
 */
@Singleton
public final class Skills {
  private static final Logger log = Logger.getLogger(Skills.class);
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  private final Secrets secrets;
  private final EmailConfig email;
  private final SmsConfig sms;
  private final VoiceConfig voice;

  Skills(Secrets secrets, EmailConfig email, SmsConfig sms, VoiceConfig voice) {
    this.secrets = secrets;
    this.email = email;
    this.sms = sms;
    this.voice = voice;
  }

  /** An agent and its settings of one skill, completed and with secrets. */
  public record OfAgent<S extends SkillSettings>(KeyOwner.OfAgent agent, S settings) {}

  /** How the agent sends e-mail; nothing where it has no address, or the skill is inactive. */
  public Optional<EmailSkill> email(Handle tx, AgentId agent) {
    return SkillRepository.find(tx, agent, SkillName.EMAIL)
        .map(row -> complete(stored(row, EmailSkill.class)))
        .or(() -> Optional.of(complete(none(EmailSkill.class))))
        .filter(skill -> skill.status() == SkillStatus.ACTIVE && skill.email() != null);
  }

  /** How the agent sends SMS; nothing where it has no number, or the skill is inactive. */
  public Optional<SmsSkill> sms(Handle tx, AgentId agent) {
    return SkillRepository.find(tx, agent, SkillName.SMS)
        .map(row -> complete(stored(row, SmsSkill.class)))
        .or(() -> Optional.of(complete(none(SmsSkill.class))))
        .filter(skill -> skill.status() == SkillStatus.ACTIVE && skill.phoneNumber() != null);
  }

  /** How the agent calls; nothing where nobody carries its calls, or the skill is inactive. */
  public Optional<VoiceSkill> voice(Handle tx, AgentId agent) {
    return SkillRepository.find(tx, agent, SkillName.VOICE)
        .map(row -> complete(stored(row, VoiceSkill.class)))
        .or(() -> Optional.of(complete(none(VoiceSkill.class))))
        .filter(skill -> skill.status() == SkillStatus.ACTIVE && skill.provider() != null);
  }

  /**
   * The name of the provider that carries what the agent sends over the channel; nothing where it
   * has none: what it sends is captured.
   */
  public Optional<String> provider(Handle tx, AgentId agent, SkillName name) {
    if (!secrets.isAvailable()) {
      return Optional.empty();
    }
    return switch (name) {
      case EMAIL -> email(tx, agent).filter(s -> s.smtp() != null).map(_ -> "smtp");
      case SMS -> sms(tx, agent).filter(s -> hasToken(s.twilio())).map(_ -> "twilio");
      case VOICE ->
          voice(tx, agent)
              .flatMap(s ->
                  switch (s.provider()) {
                    case VAPI ->
                        s.vapi() != null && s.vapi().apiKey() != null
                            ? Optional.of("vapi")
                            : Optional.empty();
                    case TWILIO ->
                        hasToken(s.twilio()) && s.phoneNumber() != null
                            ? Optional.of("twilio-voice")
                            : Optional.empty();
                    case null -> Optional.empty();
                  });
    };
  }

  private static boolean hasToken(@Nullable TwilioAccount account) {
    return account != null && account.authToken() != null;
  }

  /** The subject of the agent's mails that bring none of their own. */
  public String subject(Handle tx, AgentId agent) {
    return email(tx, agent).map(EmailSkill::subject).orElse(EmailSkill.SUBJECT);
  }

  /** The address from which the agent writes, or the number from which it calls. */
  public Optional<String> sender(Handle tx, AgentId agent, SkillName name) {
    return switch (name) {
      case EMAIL -> email(tx, agent).map(EmailSkill::email);
      case SMS -> sms(tx, agent).map(SmsSkill::phoneNumber);
      case VOICE -> voice(tx, agent).map(VoiceSkill::phoneNumber);
    };
  }

  /**
   * The agent that people reach there, by its own settings.
   *
   * @param address an e-mail address in lower case, or a number in E.164
   */
  public Optional<KeyOwner.OfAgent> byAddress(Handle tx, SkillName name, String address) {
    return SkillRepository.byAddress(tx, name, address)
        .map(row -> new KeyOwner.OfAgent(row.agent(), row.organization()));
  }

  /** All active e-mail skills that agents have of their own. */
  public List<OfAgent<EmailSkill>> emails(Handle tx) {
    return SkillRepository.all(tx, SkillName.EMAIL).stream()
        .map(row ->
            new OfAgent<>(
                new KeyOwner.OfAgent(row.agent(), row.organization()),
                complete(stored(row, EmailSkill.class))))
        .toList();
  }

  /** What the agent itself has set, without secrets. */
  public List<SkillSettings> shown(Handle tx, AgentId agent) {
    return SkillRepository.ofAgent(tx, agent).stream()
        .<SkillSettings>map(row ->
            switch (row.name()) {
              case EMAIL -> read(row.settings(), EmailSkill.class);
              case SMS -> read(row.settings(), SmsSkill.class);
              case VOICE -> read(row.settings(), VoiceSkill.class);
            })
        .toList();
  }

  /** What is stored, with secrets; without them where they were sealed under another key. */
  <S extends SkillSettings> S stored(SkillRepository.Row row, Class<S> type) {
    var sealed = row.sealed();
    if (sealed == null || !secrets.isAvailable()) {
      return read(row.settings(), type);
    }
    return secrets
        .open(scope(row.agent(), row.name()), sealed)
        .map(json -> read(json, type))
        .orElseGet(() -> {
          log.warnf(
              "agent=%s skill=%s event=secrets-unreadable: they were sealed under another"
                  + " colloquy.secret-key",
              row.agent(), row.name());
          return read(row.settings(), type);
        });
  }

  /** The settings as they are sealed; null where there is no secret among them. */
  byte @Nullable [] seal(AgentId agent, SkillSettings settings) {
    return settings.equals(settings.withoutSecrets())
        ? null
        : secrets.seal(scope(agent, settings.name()), write(settings));
  }

  static String scope(AgentId agent, SkillName name) {
    return "skill:" + agent + ":" + name;
  }

  static String write(SkillSettings settings) {
    try {
      return MAPPER.writeValueAsString(settings);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings are always JSON", e);
    }
  }

  private static <S extends SkillSettings> S read(String json, Class<S> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("skill holds what was never written", e);
    }
  }

  private static <S extends SkillSettings> S none(Class<S> type) {
    return read("{}", type);
  }

  private EmailSkill complete(EmailSkill skill) {
    var smtp = email.smtp();
    var relay =
        smtp.host()
            .map(host ->
                new EmailSkill.MailServer(
                    host,
                    smtp.port().isPresent() ? smtp.port().getAsInt() : null,
                    smtp.security(),
                    smtp.username().orElse(null),
                    smtp.password().orElse(null)))
            .orElse(null);
    return skill.orElse(email.sender().orElse(null), relay, email.mailsPerHour());
  }

  private SmsSkill complete(SmsSkill skill) {
    var twilio = sms.twilio();
    var account = account(twilio.accountSid(), twilio.authToken(), twilio.baseUrl());
    return skill.orElse(sms.phoneNumber().orElse(null), account, sms.maxSegments());
  }

  private VoiceSkill complete(VoiceSkill skill) {
    var vapi = voice.vapi();
    var twilio = voice.twilio();
    return skill.orElse(
        new VoiceSkill(
            SkillStatus.ACTIVE,
            voice.provider().orElse(null),
            vapi.assistantId().orElse(null),
            vapi.phoneNumberId().orElse(null),
            new VoiceSkill.VapiAccount(
                vapi.apiKey().orElse(null), vapi.serverSecret().orElse(null), vapi.baseUrl()),
            account(twilio.accountSid(), twilio.authToken(), twilio.baseUrl()),
            voice.phoneNumber().orElse(null),
            voice.greeting(),
            null,
            null));
  }

  private static @Nullable TwilioAccount account(
      Optional<String> sid, Optional<String> token, String baseUrl) {
    return sid.map(known -> new TwilioAccount(known, token.orElse(null), baseUrl)).orElse(null);
  }
}

package dev.colloquy.channel.email;

import dev.colloquy.channel.ChannelProvider;
import dev.colloquy.channel.SendResult;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.skill.EmailConfig;
import dev.colloquy.skill.EmailSkill;
import dev.colloquy.skill.Skills;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Sends mails by SMTP (RFC 5321), from the agent's settings as they are at that moment. A mail has
 * the same Message-ID at every attempt: mail servers and mail programs drop repeats by it.
 */
@Singleton
final class SmtpProvider implements ChannelProvider {
  private static final Logger log = Logger.getLogger(SmtpProvider.class);

  private final Database database;
  private final Skills skills;
  private final ThreadAddresses addresses;
  private final MailComposer composer;
  private final SmtpPool pool;

  SmtpProvider(
      Database database,
      Skills skills,
      ThreadAddresses addresses,
      MailComposer composer,
      EmailConfig config) {
    this.database = database;
    this.skills = skills;
    this.addresses = addresses;
    this.composer = composer;
    this.pool = new SmtpPool(config.timeout(), SmtpPool.IDLE, null);
  }

  @PreDestroy
  void close() {
    pool.close();
  }

  @Override
  public String name() {
    return "smtp";
  }

  @Override
  public boolean dropsRepeats() {
    return true;
  }

  @Override
  public SendResult send(Outgoing outgoing) throws InterruptedException {
    var letter = database.inTransaction(tx -> letter(tx, outgoing));
    var relay = letter.map(Letter::settings).map(EmailSkill::smtp);
    if (letter.isEmpty() || relay.isEmpty()) {
      return new SendResult.Rejected("no_mail_server");
    }
    try {
      return pool.send(SmtpServer.of(relay.get()), composer.compose(letter.get()));
    } catch (MailComposer.UnwritableException e) {
      log.warnf("delivery=%s reason=%s event=mail-unwritable", outgoing.id(), e.reason());
      return new SendResult.Rejected(e.reason());
    }
  }

  private Optional<Letter> letter(Handle tx, Outgoing outgoing) {
    var agent = outgoing.agent().agent();
    return skills
        .email(tx, agent)
        .flatMap(settings ->
            sender(outgoing, settings)
                .map(sender ->
                    new Letter(
                        outgoing,
                        sender,
                        name(tx, outgoing),
                        settings,
                        MailThread.of(tx, outgoing))));
  }

  /** An answer to a mail that came to a conversation's own address is written from the agent's. */
  private Optional<String> sender(Outgoing outgoing, EmailSkill settings) {
    var sender = outgoing.sender() == null ? settings.email() : outgoing.sender();
    return Optional.ofNullable(sender)
        .map(address ->
            addresses.conversation(address).isPresent()
                ? address.substring(0, address.lastIndexOf('+'))
                    + address.substring(address.lastIndexOf('@'))
                : address);
  }

  private static String name(Handle tx, Outgoing outgoing) {
    return tx.createQuery("select public_name from agent where id = :id")
        .bind("id", outgoing.agent().agent().value())
        .mapTo(String.class)
        .one();
  }
}

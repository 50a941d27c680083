package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.platform.secret.Secrets;
import dev.colloquy.skill.EmailSkill;
import dev.colloquy.skill.SkillStatus;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Letters and mails for tests, without a database. */
final class Letters {
  static final Secrets SECRETS = new Secrets(Optional.of("the secret key of the tests"));
  static final PublicUrl PUBLIC_URL =
      new PublicUrl(Optional.of(URI.create("https://chat.example.com/")), "127.0.0.1", 8080);
  static final Unsubscribe UNSUBSCRIBE = new Unsubscribe(SECRETS, PUBLIC_URL);
  static final ThreadAddresses ADDRESSES = new ThreadAddresses(SECRETS);
  static final MailComposer COMPOSER = new MailComposer(ADDRESSES, UNSUBSCRIBE, PUBLIC_URL);

  private Letters() {}

  static EmailSkill settings(String senderName, EmailSkill.Dkim dkim, String... allowedHosts) {
    return new EmailSkill(
        SkillStatus.ACTIVE,
        "ada@example.com",
        senderName,
        null,
        null,
        null,
        null,
        null,
        null,
        dkim,
        List.of(allowedHosts),
        20);
  }

  static Outgoing outgoing(DeliveryKind kind, String recipient, String subject, String body) {
    return new Outgoing(
        new DeliveryId(Ids.next()),
        new KeyOwner.OfAgent(new AgentId(Ids.next()), new OrganizationId(Ids.next())),
        new ConversationId(Ids.next()),
        new MessageId(Ids.next()),
        kind,
        Channel.EMAIL,
        recipient,
        "ada@example.com",
        subject,
        body,
        null,
        "smtp",
        1,
        Instant.parse("2026-11-25T10:00:00Z"));
  }

  static Letter letter(Outgoing outgoing, EmailSkill settings, MailThread thread) {
    return new Letter(outgoing, "ada@example.com", "Ada", settings, thread);
  }

  /** A letter that is like most. */
  static Letter letter(String body) {
    return letter(
        outgoing(DeliveryKind.REPLY, "grace@example.org", "Your order", body),
        settings(null, null),
        new MailThread(null, List.of()));
  }

  static OutboundMail mail(String body) {
    return COMPOSER.compose(letter(body));
  }

  static MimeMessage parsed(byte[] mail) throws MessagingException {
    return new MimeMessage((Session) null, new ByteArrayInputStream(mail));
  }

  /** The text of the part, decoded. */
  static String part(MimeMessage message, int index) throws MessagingException, IOException {
    return (String) ((MimeMultipart) message.getContent()).getBodyPart(index).getContent();
  }
}

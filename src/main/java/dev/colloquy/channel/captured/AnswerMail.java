package dev.colloquy.channel.captured;

import dev.colloquy.channel.email.MessageIds;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The mail that a mail program would send when its owner answers (RFC 5322, section 3.6.4): with
 * the answered mail's Message-ID, its subject, and what it said below.
 */
final class AnswerMail {
  /** Where nothing is ever sent to: RFC 6761, section 6.4. */
  static final String DOMAIN = "captured.invalid";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy 'at' HH:mm", Locale.ENGLISH);

  private AnswerMail() {}

  /** A mailbox: an address, and whose it is. */
  record Party(String name, String address) {}

  /**
   * A mail.
   *
   * @param id unlike that of any other answer
   * @param from who answers
   * @param to whom
   */
  record Draft(
      String id, Party from, Party to, CapturedRows.Answerable answered, String text, Instant now) {

    /** Its Message-ID, with angle brackets. */
    String messageId() {
      return "<" + id + "@" + DOMAIN + ">";
    }
  }

  /** The address that the agent's captured mails come from. */
  static String agentAddress(CapturedRows.Row conversation, CapturedRows.Answerable answered) {
    var own = answered.sender();
    return own == null ? "agent-" + conversation.agent().agent() + "@" + DOMAIN : own;
  }

  /** The mail as it goes over the wire. */
  static byte[] write(Draft draft) {
    try {
      var mail = new WithId(draft.messageId());
      mail.setFrom(mailbox(draft.from()));
      mail.setRecipient(Message.RecipientType.TO, mailbox(draft.to()));
      mail.setSubject(subject(draft.answered().subject()), StandardCharsets.UTF_8.name());
      mail.setSentDate(Date.from(draft.now()));
      var answered = MessageIds.of(draft.answered().id(), draft.to().address());
      mail.setHeader("In-Reply-To", answered);
      mail.setHeader("References", answered);
      mail.setText(draft.text() + "\n\n" + quote(draft), StandardCharsets.UTF_8.name());
      var bytes = new ByteArrayOutputStream();
      mail.writeTo(bytes);
      return bytes.toByteArray();
    } catch (MessagingException e) {
      throw new IllegalStateException("an answer that cannot be written as a mail", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InternetAddress mailbox(Party party) throws IOException {
    var address = new InternetAddress();
    address.setAddress(oneLine(party.address()));
    address.setPersonal(oneLine(party.name()), StandardCharsets.UTF_8.name());
    return address;
  }

  private static String subject(@org.jspecify.annotations.Nullable String subject) {
    var line = oneLine(subject == null ? "" : subject);
    return line.regionMatches(true, 0, "re:", 0, 3) ? line : "Re: " + line;
  }

  /** What stands in a header must not begin another one. */
  private static String oneLine(String text) {
    return text.codePoints()
        .filter(c -> !Character.isISOControl(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String quote(Draft draft) {
    var at = ZonedDateTime.ofInstant(draft.answered().at(), ZoneId.systemDefault());
    return "On %s, %s wrote:\n".formatted(DAY.format(at), draft.to().name())
        + draft.answered().body().lines().map(l -> "> " + l).collect(Collectors.joining("\n"))
        + "\n";
  }

  /** A mail that keeps the Message-ID that it is given. */
  private static final class WithId extends MimeMessage {
    private final String id;

    WithId(String id) {
      super(Session.getInstance(new Properties()));
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}

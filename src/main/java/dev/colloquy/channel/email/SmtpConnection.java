package dev.colloquy.channel.email;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * An open connection to a mail server. It says how far a mail came, which the library's own sending
 * does not: only a mail whose end was not sent is surely not taken (RFC 5321, section 4.1.1.4).
 */
final class SmtpConnection extends SMTPTransport {
  private static final int OK = 250;

  private int mails;
  private long usedAt;

  SmtpConnection(Session session, SmtpServer server) {
    super(session, new URLName("smtp", server.host(), server.port(), null, null, null));
  }

  /** What became of a mail. */
  sealed interface Transfer {
    /** The server has it. */
    record Taken() implements Transfer {}

    /** The server answered with this code of RFC 5321, section 4.2, and does not have it. */
    record Refused(int code) implements Transfer {}

    /**
     * The connection was lost, or nobody answered in time.
     *
     * @param isEnded whether the mail's end was sent, so that the server may have it
     */
    record Lost(boolean isEnded) implements Transfer {}
  }

  /** Hands the mail over; after anything but {@link Transfer.Taken} the connection is to close. */
  synchronized Transfer send(OutboundMail mail) {
    var isEnded = false;
    try {
      var sender = simpleCommand("MAIL FROM:<" + mail.envelopeSender() + ">");
      if (sender != OK) {
        return refused(sender, isEnded);
      }
      var recipient = simpleCommand("RCPT TO:<" + mail.recipient() + ">");
      // 251: it is passed on to where the user is now.
      if (recipient != OK && recipient != 251) {
        return refused(recipient, isEnded);
      }
      var data = data();
      data.write(mail.content());
      data.flush();
      isEnded = true;
      finishData();
      mails++;
      return new Transfer.Taken();
    } catch (SMTPSendFailedException e) {
      return refused(e.getReturnCode(), isEnded);
    } catch (MessagingException | IOException e) {
      return new Transfer.Lost(isEnded);
    }
  }

  /** No code, or none that an answer may have here: the other side is gone, or no mail server. */
  private static Transfer refused(int code, boolean isEnded) {
    return code >= 400 && code <= 599 ? new Transfer.Refused(code) : new Transfer.Lost(isEnded);
  }

  /** Whether it offers to log in (RFC 4954). */
  boolean offersLogin() {
    return supportsExtension("AUTH") || supportsExtension("AUTH=LOGIN");
  }

  /** How many mails it has taken. */
  synchronized int mails() {
    return mails;
  }

  /** Notes when it was used last, by {@link System#nanoTime}. */
  synchronized void used(long now) {
    usedAt = now;
  }

  synchronized long usedAt() {
    return usedAt;
  }

  /** Says goodbye without waiting for an answer. */
  void quit() {
    try {
      close();
    } catch (MessagingException e) {
      // It is closed all the same.
    }
  }
}

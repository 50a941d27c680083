package dev.colloquy.channel.email;

import dev.colloquy.channel.SendResult;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What failures of mail servers mean for a mail. */
final class SmtpFailures {
  /** A login is wanted, too weak, or wrong (RFC 4954, section 6): who sets it right sends it. */
  private static final Set<Integer> LOGIN = Set.of(530, 534, 535, 538);

  private SmtpFailures() {}

  /** The server answered with this code instead of taking the mail (RFC 5321, section 4.2.1). */
  static SendResult refused(int code) {
    if (LOGIN.contains(code)) {
      return noLogin();
    }
    return code < 500
        ? new SendResult.Retryable("smtp_" + code, null)
        : new SendResult.Rejected("smtp_" + code);
  }

  /** The login is wrong, or cannot be made. */
  static SendResult noLogin() {
    return new SendResult.Retryable("smtp_auth", null);
  }

  /**
   * There was no connection that a mail could be handed over on: whatever it was, the mail is still
   * here.
   *
   * @param code the server's last answer; no code of a failure where there was none
   */
  static SendResult notConnected(MessagingException e, int code) {
    return new SendResult.Retryable(reason(e, code), null);
  }

  private static String reason(MessagingException e, int code) {
    if (e instanceof AuthenticationFailedException || LOGIN.contains(code)) {
      return "smtp_auth";
    }
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException _ -> {
          return "smtp_unknown_host";
        }
        case SSLException _ -> {
          return "smtp_tls";
        }
        case SocketTimeoutException _ -> {
          return "smtp_timeout";
        }
        default -> {}
      }
    }
    if (code >= 400 && code <= 599) {
      return "smtp_" + code;
    }
    // The only failure of its own that comes after a good answer.
    return code == 250 && String.valueOf(e.getMessage()).contains("STARTTLS")
        ? "smtp_tls"
        : "smtp_unreachable";
  }
}

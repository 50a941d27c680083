package dev.colloquy.channel.email;

import dev.colloquy.skill.ConnectionSecurity;
import dev.colloquy.skill.EmailSkill;
import org.jspecify.annotations.Nullable;

/** A server that takes mails, and how to log in there. */
record SmtpServer(
    String host,
    int port,
    ConnectionSecurity security,
    @Nullable String username,
    @Nullable String password) {

  /** What an agent's settings say; TLS and its port where they say nothing. */
  static SmtpServer of(EmailSkill.MailServer settings) {
    var security = settings.security() == null ? ConnectionSecurity.TLS : settings.security();
    var port = settings.port();
    return new SmtpServer(
        settings.host(),
        port == null ? port(security) : port,
        security,
        settings.username(),
        settings.password());
  }

  /** The ports of RFC 5321, section 4.5.4.2, RFC 6409, section 3.1, and RFC 8314, section 3.3. */
  private static int port(ConnectionSecurity security) {
    return switch (security) {
      case NONE -> 25;
      case STARTTLS -> 587;
      case TLS -> 465;
    };
  }

  /** Without the login. */
  @Override
  public String toString() {
    return "SmtpServer[host=%s, port=%d, security=%s]".formatted(host, port, security);
  }
}

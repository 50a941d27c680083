package dev.colloquy.channel.email;

import dev.colloquy.skill.ConnectionSecurity;
import dev.colloquy.skill.EmailConfig;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.util.Optional;
import java.util.Properties;

/** Connects to IMAP servers (RFC 9051). Certificates are checked against those the JDK trusts. */
@Singleton
final class MailConnections {
  private final EmailConfig config;

  MailConnections(EmailConfig config) {
    this.config = config;
  }

  Store connect(Mailbox mailbox) throws MessagingException {
    var server = mailbox.server();
    var security = Optional.ofNullable(server.security()).orElse(ConnectionSecurity.TLS);
    var store = Session.getInstance(properties(security)).getStore("imap");
    var port =
        Optional.ofNullable(server.port()).orElse(security == ConnectionSecurity.TLS ? 993 : 143);
    store.connect(server.host(), port, server.username(), server.password());
    return store;
  }

  private Properties properties(ConnectionSecurity security) {
    var timeout = String.valueOf(config.timeout().toMillis());
    var properties = new Properties();
    properties.setProperty("mail.imap.connectiontimeout", timeout);
    properties.setProperty("mail.imap.timeout", timeout);
    properties.setProperty("mail.imap.writetimeout", timeout);
    // Reading a mail does not mark it as seen: that is done once it is kept.
    properties.setProperty("mail.imap.peek", "true");
    properties.setProperty("mail.imap.partialfetch", "false");
    switch (security) {
      case TLS -> properties.setProperty("mail.imap.ssl.enable", "true");
      case STARTTLS -> {
        properties.setProperty("mail.imap.starttls.enable", "true");
        properties.setProperty("mail.imap.starttls.required", "true");
      }
      case NONE -> {}
    }
    properties.setProperty("mail.imap.ssl.checkserveridentity", "true");
    return properties;
  }
}

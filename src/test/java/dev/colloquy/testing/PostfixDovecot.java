package dev.colloquy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Postfix and Dovecot, from the system's packages, set up in a folder of their own and on loopback
 * only: Postfix takes mails with STARTTLS and a login and hands them to Dovecot by LMTP, where
 * their owners read them by IMAP. Needs root, as Postfix does. Addresses at example.org and
 * example.com exist once they are added; those that begin with "refused" are refused at once.
 */
public final class PostfixDovecot implements AutoCloseable {
  /** Every user's. */
  public static final String PASSWORD = "correct-horse";

  private static final Duration STARTED = Duration.ofSeconds(30);
  private static final Duration COMMAND = Duration.ofSeconds(60);

  private final Path folder;
  private final int smtp = freePort();
  private final int imap = freePort();
  private final int imaps = freePort();
  private final Process dovecot;

  /** Sets both up and starts them. */
  public PostfixDovecot() throws IOException, InterruptedException {
    folder = Files.createTempDirectory("colloquy-mail");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    writeCertificate();
    write("users", "");
    write("mailboxes", "!/^refused/ here\n");
    write("dovecot.conf", dovecotSettings());
    write("main.cf", postfixSettings());
    write("master.cf", postfixServices());
    for (var part : List.of("queue", "data", "mail")) {
      Files.createDirectory(folder.resolve(part));
    }
    run("chown", "postfix", folder.resolve("data").toString());
    run("chown", "nobody:nogroup", folder.resolve("mail").toString());
    dovecot =
        new ProcessBuilder("dovecot", "-F", "-c", folder.resolve("dovecot.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("dovecot.out").toFile())
            .start();
    awaitPort(imap);
    startPostfix();
  }

  /** The port that takes mails, on 127.0.0.1. */
  public int smtpPort() {
    return smtp;
  }

  /** The port of IMAP with STARTTLS. */
  public int imapPort() {
    return imap;
  }

  /** The port of IMAP with TLS from the first byte on. */
  public int imapsPort() {
    return imaps;
  }

  /** Gives addresses mailboxes and logins with {@link #PASSWORD}. */
  public void addUsers(List<String> addresses) throws IOException {
    var lines = addresses.stream().map(one -> "%s:{PLAIN}%s%n".formatted(one, PASSWORD)).toList();
    Files.writeString(folder.resolve("users"), String.join("", lines), StandardOpenOption.APPEND);
    // Dovecot looks at the file once a second.
    Awaitility.await()
        .atMost(STARTED)
        .until(() ->
            exitCode(
                    "doveadm",
                    "-c",
                    folder.resolve("dovecot.conf").toString(),
                    "auth",
                    "test",
                    addresses.getLast(),
                    PASSWORD)
                == 0);
  }

  /** Starts Postfix, also anew. */
  public void startPostfix() throws IOException, InterruptedException {
    run("postfix", "-c", folder.toString(), "start");
    awaitPort(smtp);
  }

  /** Stops Postfix; what it took stays in its queue. */
  public void stopPostfix() throws IOException, InterruptedException {
    run("postfix", "-c", folder.toString(), "stop");
  }

  /** Has Dovecot drop whoever is logged in. */
  public void dropImapConnections() throws IOException, InterruptedException {
    run("doveadm", "-c", folder.resolve("dovecot.conf").toString(), "kick", "*");
  }

  /** What both wrote down of what they did. */
  public String logs() {
    var text = new StringBuilder();
    for (var name : List.of("postfix.log", "dovecot.log", "dovecot.out")) {
      try {
        text.append(name).append('\n').append(Files.readString(folder.resolve(name))).append('\n');
      } catch (IOException e) {
        text.append(e).append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    try {
      stopPostfix();
      dovecot.destroy();
      if (!dovecot.waitFor(10, TimeUnit.SECONDS)) {
        dovecot.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  private String dovecotSettings() {
    return """
    base_dir = @folder@/run
    state_dir = @folder@/state
    log_path = @folder@/dovecot.log
    protocols = imap lmtp
    listen = 127.0.0.1
    ssl = required
    ssl_cert = <@folder@/certificate.pem
    ssl_key = <@folder@/key.pem
    recipient_delimiter = +
    first_valid_uid = 1
    first_valid_gid = 1
    mail_uid = nobody
    mail_gid = nogroup
    mail_location = maildir:@folder@/mail/%Lu
    mail_max_userip_connections = 100
    namespace inbox {
      inbox = yes
    }
    passdb {
      driver = passwd-file
      args = username_format=%Lu @folder@/users
    }
    userdb {
      driver = static
      args = uid=nobody gid=nogroup home=@folder@/mail/%Lu
    }
    service auth {
      unix_listener @folder@/auth {
        mode = 0666
      }
    }
    service lmtp {
      unix_listener @folder@/lmtp {
        mode = 0666
      }
    }
    service imap-login {
      inet_listener imap {
        port = @imap@
      }
      inet_listener imaps {
        port = @imaps@
        ssl = yes
      }
    }
    """
        .replace("@imap@", "" + imap)
        .replace("@imaps@", "" + imaps)
        .replace("@folder@", folder.toString());
  }

  private String postfixSettings() {
    return """
    compatibility_level = 3.6
    queue_directory = @folder@/queue
    data_directory = @folder@/data
    maillog_file = @folder@/postfix.log
    maillog_file_prefixes = @folder@
    inet_interfaces = 127.0.0.1
    inet_protocols = ipv4
    mynetworks = 127.0.0.1/32
    myhostname = mail.example.net
    mydestination =
    alias_maps =
    alias_database =
    recipient_delimiter = +
    virtual_mailbox_domains = example.org example.com
    virtual_mailbox_maps = regexp:@folder@/mailboxes
    virtual_transport = lmtp:unix:@folder@/lmtp
    smtpd_relay_restrictions = permit_sasl_authenticated reject
    smtpd_tls_security_level = may
    smtpd_tls_auth_only = yes
    smtpd_tls_cert_file = @folder@/certificate.pem
    smtpd_tls_key_file = @folder@/key.pem
    smtpd_sasl_auth_enable = yes
    smtpd_sasl_type = dovecot
    smtpd_sasl_path = @folder@/auth
    message_size_limit = 52428800
    queue_run_delay = 5s
    minimal_backoff_time = 5s
    """
        .replace("@folder@", folder.toString());
  }

  private String postfixServices() {
    var services = new StringBuilder("127.0.0.1:%d inet n - n - - smtpd\n".formatted(smtp));
    services.append("postlog unix-dgram n - n - 1 postlogd\n");
    services.append("pickup unix n - n 60 1 pickup\n");
    services.append("qmgr unix n - n 300 1 qmgr\n");
    services.append("tlsmgr unix - - n 1000? 1 tlsmgr\n");
    services.append("cleanup unix n - n - 0 cleanup\n");
    services.append("bounce unix - - n - 0 bounce\n");
    services.append("defer unix - - n - 0 bounce\n");
    services.append("trace unix - - n - 0 bounce\n");
    services.append("flush unix n - n 1000? 0 flush\n");
    services.append("rewrite unix - - n - - trivial-rewrite\n");
    Map.of("proxymap", "proxymap", "lmtp", "lmtp", "error", "error", "retry", "error")
        .forEach(
            (name, program) -> services.append("%s unix - - n - - %s\n".formatted(name, program)));
    return services.append("anvil unix - - n - 1 anvil\n").toString();
  }

  /** The certificate that {@link ScriptedSmtpServer} has too, as these programs read it. */
  private void writeCertificate() throws IOException {
    try (var file = PostfixDovecot.class.getResourceAsStream("/mail/server.p12")) {
      var password = "changeit".toCharArray();
      var store = KeyStore.getInstance("PKCS12");
      store.load(file, password);
      write("certificate.pem", pem("CERTIFICATE", store.getCertificate("mail").getEncoded()));
      write("key.pem", pem("PRIVATE KEY", store.getKey("mail", password).getEncoded()));
      Files.setPosixFilePermissions(
          folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] content) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void run(String... command) throws IOException, InterruptedException {
    if (exitCode(command) != 0) {
      throw new IllegalStateException(
          String.join(" ", command)
              + ": "
              + Files.readString(folder.resolve("command.out"))
              + logs());
    }
  }

  private int exitCode(String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("command.out").toFile())
            .start();
    if (!process.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(String.join(" ", command) + " does not end");
    }
    return process.exitValue();
  }

  private void awaitPort(int port) {
    Awaitility.await()
        .atMost(STARTED)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
          } catch (IOException e) {
            return false;
          }
        });
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

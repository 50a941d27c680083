package dev.colloquy.channel.email;

import dev.colloquy.channel.SendResult;
import dev.colloquy.channel.email.SmtpConnection.Transfer;
import dev.colloquy.skill.ConnectionSecurity;
import jakarta.annotation.PreDestroy;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Hands mails to servers over connections that stay open for the next one for a while, a few to
 * each server and login. Safe for many threads.
 */
final class SmtpPool implements AutoCloseable {
  /** How long a connection stays open unused; servers hang up after minutes. */
  static final Duration IDLE = Duration.ofSeconds(30);

  // Fewer than there are jobs at once, so that one slow server does not hold up all channels.
  private static final int CONNECTIONS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration BUSY = Duration.ofSeconds(5);
  // Servers refuse more than some number of mails on one connection, often a hundred.
  private static final int MAILS = 50;
  private static final int SERVICE_CLOSING = 421;

  private final Map<SmtpServer, Line> lines = new ConcurrentHashMap<>();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("smtp-idle").factory());
  private final Duration timeout;
  private final Duration idle;
  private final @Nullable SSLSocketFactory sockets;

  /**
   * A pool.
   *
   * @param timeout how long a server may take to connect, or to answer
   * @param idle how long a connection stays open unused
   * @param sockets makes connections with TLS; null: as the JDK is set up, with its trusted roots
   */
  SmtpPool(Duration timeout, Duration idle, @Nullable SSLSocketFactory sockets) {
    this.timeout = timeout;
    this.idle = idle;
    this.sockets = sockets;
    var every = Math.max(idle.toMillis() / 3, 10);
    var _ = sweeper.scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
  }

  /** The connections to one server. */
  private static final class Line {
    final ConcurrentLinkedDeque<SmtpConnection> idle = new ConcurrentLinkedDeque<>();
    final Semaphore places = new Semaphore(CONNECTIONS);
    final Session session;

    Line(Session session) {
      this.session = session;
    }
  }

  /** Hands the mail over, and says what is known of it then. */
  SendResult send(SmtpServer server, OutboundMail mail) throws InterruptedException {
    var line = lines.computeIfAbsent(server, of -> new Line(session(of)));
    if (!line.places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      return new SendResult.Retryable("smtp_busy", BUSY);
    }
    try {
      var known = line.idle.pollLast();
      if (known != null) {
        var transfer = transfer(line, known, mail);
        if (!isGone(transfer)) {
          return result(transfer, mail);
        }
        // It was closed while nobody looked: nothing of this mail was taken.
      }
      var connection = new SmtpConnection(line.session, server);
      var failure = connect(connection, server);
      return failure == null ? result(transfer(line, connection, mail), mail) : failure;
    } finally {
      line.places.release();
    }
  }

  private static boolean isGone(Transfer transfer) {
    return switch (transfer) {
      case Transfer.Taken() -> false;
      case Transfer.Refused(var code) -> code == SERVICE_CLOSING;
      case Transfer.Lost(var isEnded) -> !isEnded;
    };
  }

  private static Transfer transfer(Line line, SmtpConnection connection, OutboundMail mail) {
    var transfer = connection.send(mail);
    if (transfer instanceof Transfer.Taken && connection.mails() < MAILS) {
      connection.used(System.nanoTime());
      line.idle.addLast(connection);
    } else {
      connection.quit();
    }
    return transfer;
  }

  private static SendResult result(Transfer transfer, OutboundMail mail) {
    return switch (transfer) {
      case Transfer.Taken() -> new SendResult.Accepted(mail.messageId());
      case Transfer.Refused(var code) -> SmtpFailures.refused(code);
      case Transfer.Lost(var isEnded) ->
          isEnded
              ? new SendResult.Ambiguous("smtp_lost_at_end")
              : new SendResult.Retryable("smtp_lost", null);
    };
  }

  private static @Nullable SendResult connect(SmtpConnection connection, SmtpServer server) {
    try {
      connection.connect(server.host(), server.port(), server.username(), server.password());
    } catch (MessagingException e) {
      return SmtpFailures.notConnected(e, connection.getLastReturnCode());
    }
    if (server.username() != null && !connection.offersLogin()) {
      connection.quit();
      return SmtpFailures.noLogin();
    }
    return null;
  }

  private Session session(SmtpServer server) {
    var settings = new Properties();
    var isTls = server.security() == ConnectionSecurity.TLS;
    var isStartTls = server.security() == ConnectionSecurity.STARTTLS;
    var millis = String.valueOf(timeout.toMillis());
    settings.setProperty("mail.smtp.connectiontimeout", millis);
    settings.setProperty("mail.smtp.timeout", millis);
    settings.setProperty("mail.smtp.writetimeout", millis);
    settings.setProperty("mail.smtp.ssl.enable", String.valueOf(isTls));
    settings.setProperty("mail.smtp.starttls.enable", String.valueOf(isStartTls));
    settings.setProperty("mail.smtp.starttls.required", String.valueOf(isStartTls));
    settings.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    settings.setProperty("mail.smtp.auth", String.valueOf(server.username() != null));
    settings.setProperty("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
    settings.setProperty("mail.smtp.quitwait", "false");
    if (sockets != null) {
      settings.put("mail.smtp.ssl.socketFactory", sockets);
      settings.setProperty("mail.smtp.ssl.socketFactory.fallback", "false");
    }
    return Session.getInstance(settings);
  }

  private void sweep() {
    var now = System.nanoTime();
    lines.forEach((server, line) -> {
      // The oldest are in front.
      for (var oldest = line.idle.peekFirst();
          oldest != null && now - oldest.usedAt() >= idle.toNanos();
          oldest = line.idle.peekFirst()) {
        if (line.idle.removeFirstOccurrence(oldest)) {
          oldest.quit();
        }
      }
      if (line.idle.isEmpty() && line.places.availablePermits() == CONNECTIONS) {
        lines.remove(server, line);
      }
    });
  }

  @Override
  @PreDestroy
  public void close() {
    sweeper.shutdownNow();
    lines.values().forEach(line -> line.idle.forEach(SmtpConnection::quit));
    lines.clear();
  }
}

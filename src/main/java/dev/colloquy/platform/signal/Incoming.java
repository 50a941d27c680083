package dev.colloquy.platform.signal;

import dev.colloquy.platform.db.Database;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Hears the other nodes, on a thread and a connection of its own, which is made again whenever it
 * is lost.
 */
final class Incoming {
  private static final Logger log = Logger.getLogger(Incoming.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int ANSWER_SECONDS = 5;
  private static final Duration LAST_LOOK = Duration.ofSeconds(1);

  private final UUID node;
  private final Database database;
  private final Heard heard;
  private final SignalMetrics counts;
  private final SignalTiming timing;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Connection connection;

  Incoming(UUID node, Database database, Heard heard, SignalMetrics counts, SignalTiming timing) {
    this.node = node;
    this.database = database;
    this.heard = heard;
    this.counts = counts;
    this.timing = timing;
    thread = Thread.ofPlatform().name("signals-in").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stopped.countDown();
    var open = connection;
    if (open != null) {
      try {
        // Ends the read that the thread waits in; an ordinary close would wait for it.
        open.abort(Runnable::run);
      } catch (SQLException e) {
        log.debugf(e, "event=signals-abort-failed");
      }
    }
    thread.join(LAST_LOOK);
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void run() {
    var failures = 0;
    try {
      while (!isStopped()) {
        try (var open = connect()) {
          connection = open;
          failures = 0;
          listen(open);
        } catch (SQLException e) {
          if (!isStopped()) {
            log.warnf("event=signals-lost state=%s", e.getSQLState());
          }
        } catch (RuntimeException e) {
          // Not to be heard any more would be worse than whatever it was.
          log.errorf(e, "event=signals-failed");
        } finally {
          connection = null;
        }
        if (!stopped.await(Queue.backoffNanos(failures++), TimeUnit.NANOSECONDS)) {
          counts.reconnects.increment();
        }
      }
    } catch (InterruptedException e) {
      log.debugf("event=signals-interrupted");
    }
  }

  /** Hears until the connection is lost or this is stopped. */
  private void listen(Connection open) throws SQLException {
    try (var statement = open.createStatement()) {
      statement.execute("listen " + Outgoing.CHANNEL);
    }
    heard.connected();
    var postgres = open.unwrap(PGConnection.class);
    var repeatAt = System.nanoTime() + timing.repeat().toNanos();
    var checkAt = System.nanoTime() + timing.check().toNanos();
    while (!isStopped()) {
      var notifications = postgres.getNotifications((int) tick());
      for (var notification : notifications == null ? NOTHING : notifications) {
        hear(notification.getParameter());
      }
      var now = System.nanoTime();
      if (now - repeatAt >= 0) {
        heard.repeat();
        repeatAt = now + timing.repeat().toNanos();
      }
      if (notifications != null && notifications.length > 0) {
        checkAt = now + timing.check().toNanos();
      } else if (now - checkAt >= 0) {
        // A connection whose other end is gone without a word is silent too.
        if (!open.isValid(ANSWER_SECONDS)) {
          throw new SQLException("the listening connection is dead", "08006");
        }
        checkAt = System.nanoTime() + timing.check().toNanos();
      }
    }
  }

  private static final org.postgresql.PGNotification[] NOTHING = {};

  private long tick() {
    return Math.min(TICK.toMillis(), timing.repeat().toMillis());
  }

  private void hear(String text) {
    try {
      var packet = Packet.read(text);
      if (!packet.sender().equals(node)) {
        heard.packet(packet);
      }
    } catch (IllegalArgumentException e) {
      // Another version's, or not ours at all: the database is asked now and then anyway.
      log.warnf("event=signal-unreadable length=%d", text.length());
    }
  }

  /** Not from the pool, which would miss it; with all that the pool's own are made with. */
  private Connection connect() throws SQLException {
    if (!(database.pool() instanceof AgroalDataSource pool)) {
      throw new IllegalStateException("no pool of Agroal's");
    }
    var like =
        pool.getConfiguration().connectionPoolConfiguration().connectionFactoryConfiguration();
    var properties = new Properties();
    properties.putAll(like.jdbcProperties());
    if (like.principal() != null) {
      properties.setProperty("user", like.principal().getName());
    }
    for (var credential : like.credentials()) {
      if (credential instanceof SimplePassword password) {
        properties.setProperty("password", password.getWord());
      }
    }
    properties.setProperty("ApplicationName", "colloquy signals");
    properties.setProperty("loginTimeout", Integer.toString(ANSWER_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(like.jdbcUrl(), properties);
  }
}

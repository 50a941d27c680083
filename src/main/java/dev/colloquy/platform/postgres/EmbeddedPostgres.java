package dev.colloquy.platform.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * A PostgreSQL of our own, below a data folder: durable, reachable from this machine only, by
 * password. It is watched: when it dies while this program lives it is started again, on the same
 * port. May be used by any thread.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
  private static final Duration STEADY = Duration.ofMinutes(1);
  private static final long LONGEST_PAUSE_SECONDS = 30;
  private static final long LOG_BYTES = 8L << 20;

  private final DataLock lock;
  private final Cluster cluster;
  private final Postmaster postmaster;
  private final String password;
  private final int port;
  private ProcessHandle process;
  private boolean stopping;

  private EmbeddedPostgres(
      DataLock lock, Cluster cluster, Postmaster postmaster, PostmasterFile started)
      throws IOException {
    this.lock = lock;
    this.cluster = cluster;
    this.postmaster = postmaster;
    this.password = cluster.password();
    this.port = started.port();
    this.process = started.process().orElseThrow(() -> new IOException("it ended at once"));
  }

  /** Starts the PostgreSQL of a data folder as the server runs it. */
  public static EmbeddedPostgres start(Path dataDir) {
    return start(dataDir, PostgresOptions.DEFAULT);
  }

  /**
   * Starts the PostgreSQL of a data folder, which is made on the first start. Returns when it takes
   * connections. What an earlier program left running is stopped first.
   *
   * @throws PostgresException when that cannot be done; among others because another living program
   *     has the folder
   */
  public static EmbeddedPostgres start(Path dataDir, PostgresOptions options) {
    var home = dataDir.toAbsolutePath().normalize();
    try {
      var folder = PrivateFiles.folder(PrivateFiles.folder(home).resolve("postgres"));
      var lock = DataLock.take(folder);
      try {
        return start(home, folder, options, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new PostgresException(
          "cannot use the data folder %s: %s".formatted(home, FolderFailure.explain(e)), e);
    }
  }

  private static EmbeddedPostgres start(
      Path home, Path folder, PostgresOptions options, DataLock lock) throws IOException {
    var binaries = options.binaries() == null ? folder.resolve("programs") : options.binaries();
    var bundle = Bundle.unpackedIn(binaries.toAbsolutePath().normalize());
    var cluster = new Cluster(folder, options);
    var account = Account.choose(cluster.data());
    account.reach(bundle, List.of(home, binaries, bundle.root(), folder));
    var postmaster = new Postmaster(bundle, account, cluster, Platform.current());
    postmaster.stopOrphan();
    cluster.createOnce(bundle, account);
    account.own(cluster.data(), cluster.passwordFile());
    if (!Files.exists(cluster.log())) {
      PrivateFiles.write(cluster.log(), ""); // PostgreSQL's would be open to all
    }
    shortenLog(cluster);
    var postgres = new EmbeddedPostgres(lock, cluster, postmaster, postmaster.startOnFreePort());
    Thread.ofPlatform().daemon().name("postgres-watcher").start(postgres::watch);
    return postgres;
  }

  /** Where the database is, for JDBC; without user and password. */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, Cluster.NAME);
  }

  /** The owner of the database, who is no superuser but may create databases. */
  public String username() {
    return Cluster.NAME;
  }

  /** The owner's password. Never to be printed. */
  public String password() {
    return password;
  }

  /** The TCP port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** PostgreSQL's process number, which changes when it had to be started again. */
  public synchronized long pid() {
    return process.pid();
  }

  /** The file with PostgreSQL's own log. */
  public Path log() {
    return cluster.log();
  }

  /**
   * Stops PostgreSQL cleanly, within half a minute, and lets the data folder go. Connections that
   * are still open are cut. Does nothing when called again.
   */
  public synchronized void stop() {
    if (stopping) {
      return;
    }
    stopping = true;
    try (lock) {
      postmaster.stop(process);
    } catch (IOException e) {
      LOG.warnf(e, "event=postgres.unlock_failed");
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void watch() {
    var failures = 0;
    var since = Instant.now();
    while (true) {
      if (ended()) {
        failures = since.plus(STEADY).isBefore(Instant.now()) ? 1 : failures + 1;
        if (!restarted(failures)) {
          return;
        }
        since = Instant.now();
      }
      shortenLog(cluster);
    }
  }

  /** Waits a while for the process to end. */
  private boolean ended() {
    ProcessHandle watched;
    synchronized (this) {
      watched = process;
    }
    try {
      watched.onExit().get(STEADY.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("nobody interrupts the watcher", e);
    }
  }

  /** Starts PostgreSQL again, after a pause that grows; false when it was stopped on purpose. */
  private boolean restarted(int failures) {
    while (true) {
      synchronized (this) {
        if (stopping) {
          return false;
        }
        LOG.errorf("event=postgres.died pid=%d attempt=%d", process.pid(), failures);
        try {
          var started = postmaster.startOn(port);
          process = started.process().orElseThrow(() -> new IOException("it ended at once"));
          LOG.warnf("event=postgres.restarted pid=%d", process.pid());
          return true;
        } catch (IOException | PostgresException e) {
          LOG.errorf("event=postgres.restart_failed reason=\"%s\"", e.getMessage());
        }
        failures++;
        try {
          // Lets stop() in meanwhile.
          wait(Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(failures, 5)) * 1000);
        } catch (InterruptedException e) {
          throw new IllegalStateException("nobody interrupts the watcher", e);
        }
      }
    }
  }

  /** Keeps the log to two files of bounded size; PostgreSQL goes on appending to the first. */
  private static void shortenLog(Cluster cluster) {
    var log = cluster.log();
    try {
      if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
        Files.copy(log, log.resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        try (var channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
          channel.truncate(0);
        }
      }
    } catch (IOException e) {
      LOG.warnf("event=postgres.log_not_shortened reason=\"%s\"", e);
    }
  }
}

package dev.colloquy.platform.postgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Starts and stops PostgreSQL's main process over a cluster. Used by one thread at a time, of the
 * program that holds the folder's lock.
 */
final class Postmaster {
  private static final Logger LOG = Logger.getLogger(Postmaster.class);
  // After a crash the log of changes since the last checkpoint is replayed first.
  private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(10);
  private static final Duration LEFTOVERS_LIMIT = Duration.ofSeconds(20);
  private static final int LOG_TAIL_BYTES = 8192;

  private final Bundle bundle;
  private final Account account;
  private final Cluster cluster;
  private final Platform platform;

  Postmaster(Bundle bundle, Account account, Cluster cluster, Platform platform) {
    this.platform = platform;
    this.bundle = bundle;
    this.account = account;
    this.cluster = cluster;
  }

  /**
   * Stops a PostgreSQL that outlived the program that started it, and removes the trace of one that
   * is gone where its number now belongs to another program, which PostgreSQL itself would take for
   * a living server.
   */
  void stopOrphan() throws IOException {
    var file = PostmasterFile.read(cluster.data());
    var process = file.flatMap(PostmasterFile::process);
    if (process.isEmpty()) {
      return;
    }
    if (PostmasterFile.serves(process.get(), cluster.data())) {
      LOG.infof("event=postgres.orphan_stopped pid=%d", process.get().pid());
      stop(process.get());
    } else {
      LOG.infof("event=postgres.stale_pid_removed pid=%d", process.get().pid());
      Files.deleteIfExists(PostmasterFile.path(cluster.data()));
    }
  }

  /** Starts on the port of the last time, or on another when that is taken. */
  PostmasterFile startOnFreePort() throws IOException {
    var last = cluster.lastPort();
    try {
      return startOn(last > 0 && isFree(last) ? last : freePort());
    } catch (PortTakenException e) {
      return startOn(freePort()); // somebody was faster
    }
  }

  /** Starts on the port, and returns when connections are taken. */
  PostmasterFile startOn(int port) throws IOException {
    cluster.configure(account, port);
    var deadline = Instant.now().plus(LEFTOVERS_LIMIT);
    while (true) {
      try {
        return launch();
      } catch (LeftoversException e) {
        // Children of a killed server go when they notice, which takes as long as what they do.
        if (Instant.now().isAfter(deadline)) {
          throw e.given();
        }
        pause(100);
      }
    }
  }

  private PostmasterFile launch() throws IOException {
    var logged = Files.exists(cluster.log()) ? Files.size(cluster.log()) : 0;
    var process = command().start();
    var deadline = Instant.now().plus(RECOVERY_LIMIT);
    while (Instant.now().isBefore(deadline)) {
      var ended = await(process); // asked first: the file is then as the process left it
      var file = PostmasterFile.read(cluster.data());
      if (file.isPresent() && file.get().ready() && isOurs(process, file.get())) {
        return file.get();
      }
      if (ended && (file.isEmpty() || !isOurs(process, file.get()))) {
        throw failure(logTail(logged));
      }
    }
    process.destroyForcibly();
    throw new PostgresException("PostgreSQL did not get ready; its log: " + cluster.log());
  }

  /**
   * Where the process is ours itself (Linux), not to leave a zombie that PostgreSQL would take for
   * a living server when this program is the first of a container; elsewhere the tool that detaches
   * it. Either way it is out of the terminal's reach, so that Ctrl-C stops this program alone,
   * which stops PostgreSQL last.
   */
  private ProcessBuilder command() {
    var data = cluster.data().toString();
    var log = cluster.log().toFile();
    var command = new ArrayList<String>();
    if (platform == Platform.LINUX) {
      command.add("setsid");
      command.addAll(Account.with(account, bundle.program("postgres"), "-D", data));
      return Command.builder(command)
          .redirectErrorStream(true)
          .redirectOutput(Redirect.appendTo(log));
    }
    command.addAll(Account.with(account, bundle.program("pg_ctl"), "start", "-w", "-D", data));
    command.addAll(List.of("-t", "" + RECOVERY_LIMIT.toSeconds(), "-l", log.toString()));
    return Command.builder(command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD);
  }

  /** Whether the file is the new server's, not a dead one's. */
  private boolean isOurs(Process process, PostmasterFile file) {
    return platform == Platform.LINUX
        ? file.pid() == process.pid()
        : file.process().filter(p -> PostmasterFile.serves(p, cluster.data())).isPresent();
  }

  private RuntimeException failure(String tail) {
    if (tail.contains("could not bind") || tail.contains("could not create any TCP/IP sockets")) {
      return new PortTakenException();
    }
    if (tail.contains("is still in use") || tail.contains("already exists")) {
      return new LeftoversException(tail);
    }
    var reason =
        tail.lines()
            .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
            .findFirst()
            .or(() -> tail.lines().reduce((a, b) -> b))
            .orElse("it said nothing");
    return new PostgresException(
        "PostgreSQL did not start: %s%s (its log: %s)"
            .formatted(reason.strip(), advice(tail), cluster.log()));
  }

  private String advice(String tail) {
    if (tail.contains("has invalid permissions")) {
      return ": others may read it, as after a copy; run chmod -R go= " + cluster.data();
    }
    return tail.contains("No space left on device") ? ": the disk is full, make room" : "";
  }

  /** Stops the process: cleanly, or at least in a way from which the next start recovers. */
  void stop(ProcessHandle process) {
    for (var mode : List.of("fast", "immediate")) {
      if (!process.isAlive()) {
        return;
      }
      var seconds = mode.equals("fast") ? 20 : 5;
      var arguments = List.of("stop", "-D", cluster.data().toString(), "-m", mode, "-w");
      var command = new ArrayList<>(Account.with(account, bundle.program("pg_ctl")));
      command.addAll(arguments);
      command.addAll(List.of("-t", Integer.toString(seconds)));
      var stopped = Command.run(command, Duration.ofSeconds(seconds + 5L), null);
      if (stopped.succeeded()) {
        return; // the files are released; one that is no child of ours may be seen a while longer
      }
      LOG.warnf("event=postgres.stop_failed mode=%s reason=\"%s\"", mode, stopped.output());
    }
    if (process.isAlive()) {
      process.destroyForcibly();
    }
  }

  private String logTail(long from) throws IOException {
    try (var file = new RandomAccessFile(cluster.log().toFile(), "r")) {
      file.seek(Math.max(Math.min(from, file.length()), file.length() - LOG_TAIL_BYTES));
      var bytes = new byte[(int) (file.length() - file.getFilePointer())];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static boolean await(Process process) {
    try {
      return process.waitFor(10, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static PostgresException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new PostgresException("interrupted while PostgreSQL was starting", e);
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class LeftoversException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeftoversException(String log) {
      super("another PostgreSQL still holds the data: " + log.strip());
    }

    PostgresException given() {
      return new PostgresException(String.valueOf(getMessage()), this);
    }
  }
}

package dev.colloquy.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL of its own, from the system's binaries, in a temporary folder, on 127.0.0.1 and
 * durable as in production. Started as the user {@code postgres} when this process is root, for
 * PostgreSQL refuses root.
 */
final class Postgres implements Closeable {
  private static final String USER = "colloquy";
  private static final String DATABASE = "colloquy";
  private static final List<String> CONFIG =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "shared_buffers=1GB",
          "max_connections=200");

  private final String password = UUID.randomUUID().toString();
  private final Path bin;
  private final Path folder;
  private final int port;
  private final Process postmaster;

  /**
   * Makes and starts a cluster.
   *
   * @param parent a folder that others may enter; "postgres" is made in it
   */
  Postgres(Path parent, Cleanup cleanup) throws IOException, InterruptedException {
    bin = findBinaries();
    folder = Files.createDirectory(parent.resolve("postgres"));
    port = freePort();
    var passwordFile = Files.writeString(folder.resolve("password"), password);
    if (isRoot()) {
      var owner =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
      Files.setOwner(folder, owner);
      Files.setOwner(passwordFile, owner);
    }
    var initdb =
        List.of("initdb", "-D", "data", "-U", USER, "-A", "scram-sha-256", "--pwfile=password");
    run(asUser(initdb, "--no-locale", "--encoding=UTF8", "--no-sync"), Duration.ofSeconds(60));
    var start = new ArrayList<>(List.of("postgres", "-D", "data", "-p", Integer.toString(port)));
    CONFIG.forEach(setting -> start.addAll(List.of("-c", setting)));
    postmaster =
        new ProcessBuilder(asUser(start))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(parent.resolve("postgres.log").toFile())
            .start();
    cleanup.add(this);
    awaitReady();
    run(List.of(program("createdb"), DATABASE), Duration.ofSeconds(30));
  }

  long pid() {
    return postmaster.pid();
  }

  /** The server's settings for this database, {@code key=value}. */
  List<String> serverSettings() {
    return List.of(
        "colloquy.database.url=jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE,
        "colloquy.database.username=" + USER,
        "colloquy.database.password=" + password);
  }

  /**
   * Runs one of PostgreSQL's programs (psql, pgbench) on the database and returns what it printed.
   */
  String client(String program, Duration limit, String... args)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(program(program)));
    command.addAll(List.of(args));
    return run(command, limit);
  }

  /** "PostgreSQL 15.18", say. */
  String version() throws IOException, InterruptedException {
    var text = run(List.of(program("postgres"), "--version"), Duration.ofSeconds(10));
    return "PostgreSQL " + text.replaceAll("(?s)^\\D*(\\d+(\\.\\d+)*).*$", "$1");
  }

  /** What was set apart from PostgreSQL's defaults, for the report. */
  static String settings() {
    return "fsync and synchronous_commit on, shared_buffers 1 GB, max_connections 200, other settings as initdb has them";
  }

  /** A port that was free a moment ago. */
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (var tries = 0; ; tries++) {
      try {
        run(List.of(program("psql"), "-d", "postgres", "-c", "select 1"), Duration.ofSeconds(10));
        return;
      } catch (IOException e) {
        if (tries == 100 || postmaster.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw new IOException("PostgreSQL did not start: " + e.getMessage(), e);
        }
      }
    }
  }

  private List<String> asUser(List<String> command, String... more) {
    var full = new ArrayList<String>();
    if (isRoot()) {
      full.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    full.add(program(command.getFirst()));
    full.addAll(command.subList(1, command.size()));
    full.addAll(List.of(more));
    return full;
  }

  private String run(List<String> command, Duration limit)
      throws IOException, InterruptedException {
    var environment =
        Map.of(
            "PGHOST", "127.0.0.1",
            "PGPORT", Integer.toString(port),
            "PGUSER", USER,
            "PGPASSWORD", password,
            "PGDATABASE", DATABASE);
    return Command.run(command, environment, folder, limit);
  }

  private String program(String name) {
    return bin.resolve(name).toString();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** The folder of the newest PostgreSQL that can make and run a cluster and has pgbench. */
  private static Path findBinaries() throws IOException {
    var candidates = new ArrayList<Path>();
    var debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (var versions = Files.list(debian)) {
        versions
            .sorted(
                Comparator.comparing((Path version) -> version.getFileName().toString()).reversed())
            .forEach(version -> candidates.add(version.resolve("bin")));
      }
    }
    for (var folder : System.getenv("PATH").split(":")) {
      candidates.add(Path.of(folder));
    }
    return candidates.stream()
        .filter(folder ->
            List.of("initdb", "postgres", "psql", "pgbench", "createdb").stream()
                .allMatch(program -> Files.isExecutable(folder.resolve(program))))
        .findFirst()
        .orElseThrow(() ->
            new IOException(
                "no PostgreSQL with pgbench found: install one (Debian: postgresql-15)"));
  }

  @Override
  public void close() {
    // SIGINT is PostgreSQL's fast shutdown; SIGTERM, which destroy() sends, would wait for all
    // clients to leave.
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(postmaster.pid())).start().waitFor();
      if (!postmaster.waitFor(Duration.ofSeconds(30))) {
        Child.stop(postmaster, Duration.ofSeconds(5));
      }
    } catch (IOException e) {
      Child.stop(postmaster, Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      postmaster.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

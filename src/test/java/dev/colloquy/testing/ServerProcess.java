package dev.colloquy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server as a process of its own, on a free port of 127.0.0.1: to be killed, frozen
 * and started again. For {@code *ProcessTest} classes, which run after the packaging.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Path PACKAGE = Path.of("target/quarkus-app").toAbsolutePath();
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Process process;
  private final int port;
  private final Path dataDir;
  private final Path stdout;
  private final Path stderr;

  private ServerProcess(Process process, int port, Path dataDir, Path stdout, Path stderr) {
    this.process = process;
    this.port = port;
    this.dataDir = dataDir;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** A server over this data folder, not started yet. */
  public static Builder over(Path dataDir) {
    return new Builder(dataDir);
  }

  /** How a server is started. */
  public static final class Builder {
    private final Path dataDir;
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private List<String> prefix = List.of();
    private List<String> jvm = List.of("-Xmx512m");
    private Path application = PACKAGE;
    private int port;
    private boolean isAnyPort;

    private Builder(Path dataDir) {
      this.dataDir = dataDir;
      properties.put("colloquy.data-dir", dataDir.toString());
      properties.put("colloquy.database.binaries-dir", TestPostgres.PROGRAMS.toString());
      properties.put("quarkus.http.host", "127.0.0.1");
    }

    /** A system property. */
    public Builder with(String name, String value) {
      properties.put(name, value);
      return this;
    }

    /** Leaves a system property at its default. */
    public Builder without(String name) {
      properties.remove(name);
      return this;
    }

    /** A variable of the environment. */
    public Builder withEnvironment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** What goes before the command, as {@code setpriv --reuid=...}. */
    public Builder as(List<String> prefix) {
      this.prefix = List.copyOf(prefix);
      return this;
    }

    /** Arguments of its JVM, instead of {@code -Xmx512m}. */
    public Builder jvm(String... arguments) {
      jvm = List.of(arguments);
      return this;
    }

    /** Another copy of the packaged server. */
    public Builder application(Path folder) {
      application = folder;
      return this;
    }

    /** The HTTP port, else a free one. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Lets it choose the HTTP port: nothing here knows it then. */
    public Builder anyPort() {
      isAnyPort = true;
      return this;
    }

    /** Starts it, without waiting. */
    public ServerProcess start() throws IOException {
      var chosen = isAnyPort ? 0 : port == 0 ? freePort() : port;
      properties.put("quarkus.http.port", Integer.toString(chosen));
      var command = new ArrayList<>(prefix);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.addAll(jvm);
      properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
      command.addAll(List.of("-jar", application.resolve("quarkus-run.jar").toString()));
      var stdout = Files.createTempFile("server", ".out");
      var stderr = Files.createTempFile("server", ".err");
      var builder =
          new ProcessBuilder(command)
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("COLLOQUY_"));
      builder.environment().putAll(environment);
      return new ServerProcess(builder.start(), chosen, dataDir, stdout, stderr);
    }

    /** Starts it, and returns when it takes requests. */
    public ServerProcess startReady() throws IOException {
      var server = start();
      server.awaitReady();
      return server;
    }
  }

  /** A port of 127.0.0.1 that nothing listened on just now. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The address that clients use. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it wrote to standard output so far. */
  public String stdout() throws IOException {
    return Files.readString(stdout);
  }

  /** What it wrote to standard error so far. */
  public String stderr() throws IOException {
    return Files.readString(stderr);
  }

  /** Waits until it says that it takes requests; fails at once when it ends instead. */
  public ServerProcess awaitReady() {
    await()
        .atMost(READY_LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .failFast(() -> assertThat(process.isAlive()).as(stdout() + stderr()).isTrue())
        .until(this::isReady);
    return this;
  }

  /** Whether {@code /health/ready} answers 200 now. */
  public boolean isReady() throws InterruptedException {
    try {
      var request =
          HttpRequest.newBuilder(url().resolve("/health/ready"))
              .timeout(Duration.ofSeconds(5))
              .build();
      return CLIENT.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet, or not any more
    }
  }

  /** The process number of its embedded PostgreSQL. */
  public long postgresPid() throws IOException {
    return Long.parseLong(
        Files.readAllLines(dataDir.resolve("postgres/cluster/postmaster.pid")).getFirst().strip());
  }

  /** A connection to its embedded PostgreSQL. */
  public Connection connect() throws IOException, SQLException {
    var lines = Files.readAllLines(dataDir.resolve("postgres/cluster/postmaster.pid"));
    var password = Files.readString(dataDir.resolve("postgres/password")).strip();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + lines.get(3).strip() + "/colloquy", "colloquy", password);
  }

  /** Waits for its end and returns the exit code. */
  public int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS))
        .as("the server ended in time")
        .isTrue();
    return process.exitValue();
  }

  /** Ends it as a terminal or a service manager does, and waits for the end. */
  public int stop() throws InterruptedException {
    process.destroy();
    return awaitExit();
  }

  /** Kills it (SIGKILL); its PostgreSQL lives on. */
  public void kill() throws InterruptedException {
    kill(process.pid());
    awaitExit(); // gone for this JVM too, which learns of it a little later
  }

  /** Kills any process (SIGKILL) and waits until it is gone. */
  public static void kill(long pid) throws InterruptedException {
    var victim = ProcessHandle.of(pid);
    signal("KILL", pid);
    await()
        .atMost(STOP_LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> victim.isEmpty() || !victim.get().isAlive());
  }

  /** Freezes it (SIGSTOP), as a machine that is paused. */
  public void pause() throws InterruptedException {
    signal("STOP", process.pid());
  }

  /** Lets a frozen one go on. */
  public void resume() throws InterruptedException {
    signal("CONT", process.pid());
  }

  /** Sends a signal, as {@code STOP}, to any process. */
  static void signal(String name, long pid) throws InterruptedException {
    try {
      var sent = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      assertThat(sent).as("signal %s to %d", name, pid).isZero();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it, however it stands, with its PostgreSQL. */
  @Override
  public void close() throws IOException {
    try {
      if (process.isAlive()) {
        resume();
        stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(stdout);
      Files.deleteIfExists(stderr);
    }
  }
}

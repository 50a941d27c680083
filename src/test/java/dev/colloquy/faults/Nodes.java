package dev.colloquy.faults;

import dev.colloquy.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The servers, each at an address of its own that outlives it. Safe for many threads. */
final class Nodes implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Path LOGS = Path.of("target/faults").toAbsolutePath();

  private final List<Node> nodes = new ArrayList<>();
  private final Supplier<ServerProcess.Builder> builder;
  private final AtomicInteger failedStarts = new AtomicInteger();
  private volatile boolean closed;

  /** One of them: a port, and the process that listens there now. */
  final class Node {
    private final int port;
    private final Path log;
    private volatile ServerProcess process;
    private volatile boolean ready;
    private @Nullable ServerProcess starting;

    private Node(int number) throws IOException {
      port = freePort();
      log = LOGS.resolve("node-" + number + ".log");
      Files.deleteIfExists(log);
    }

    boolean isReady() {
      return ready;
    }

    /** Kills it in the middle of whatever it does. */
    void kill() throws InterruptedException {
      ready = false;
      process.kill();
      bury();
    }

    /** Kills it while it starts, which it does again; whether it was starting. */
    synchronized boolean killStarting() throws InterruptedException {
      var process = starting;
      if (process == null || !process.isAlive()) {
        return false;
      }
      process.kill();
      return true;
    }

    private synchronized void starts(ServerProcess process) {
      this.process = process;
      starting = process;
    }

    /** Whether it is still there now that it is ready. */
    private synchronized boolean started() {
      starting = null;
      ready = process.isAlive();
      return ready;
    }

    /** Ends it as a service manager does. */
    void stop() throws InterruptedException {
      ready = false;
      process.stop();
      bury();
    }

    void pause() throws InterruptedException {
      ready = false;
      process.pause();
    }

    void resume() throws InterruptedException {
      process.resume();
      ready = true;
    }

    /** Starts it, and again where the database is away, which ends the start of a server. */
    void start() throws IOException, InterruptedException {
      while (!closed) {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        starts(builder.get().port(port).start());
        while (process.isAlive() && System.nanoTime() < deadline && !closed) {
          if (process.isReady() && started()) {
            return;
          }
          LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        if (System.nanoTime() >= deadline) {
          throw new IllegalStateException("a server does not start: " + process.stderr());
        }
        failedStarts.incrementAndGet();
        bury();
      }
    }

    private void bury() {
      try {
        Files.writeString(
            log,
            process.stdout() + process.stderr(),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        process.close();
        process = null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Nodes(int count, Supplier<ServerProcess.Builder> builder) throws IOException {
    this.builder = builder;
    Files.createDirectories(LOGS);
    for (var number = 0; number < count; number++) {
      nodes.add(new Node(number));
    }
  }

  /** Outside of the ports that clients are given, one of which else could be using it. */
  private static int freePort() throws IOException {
    for (var port = 20_000 + (int) (System.nanoTime() % 5_000); port < 32_000; port += 7) {
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        return port;
      } catch (IOException e) {
        // Taken: the next one.
      }
    }
    throw new IOException("no free port");
  }

  List<Node> all() {
    return List.copyOf(nodes);
  }

  List<Node> ready() {
    return nodes.stream().filter(Node::isReady).toList();
  }

  /** An address, mostly of a server that is there; what a balancer does. */
  URI any(RandomGenerator random) {
    var ready = ready();
    var among = ready.isEmpty() || random.nextInt(8) == 0 ? nodes : ready;
    return URI.create("http://127.0.0.1:" + among.get(random.nextInt(among.size())).port);
  }

  /** How many starts failed, as those while the database was away. */
  int failedStarts() {
    return failedStarts.get();
  }

  @Override
  public void close() {
    closed = true;
    for (var node : nodes) {
      var process = node.process;
      if (process != null) {
        node.ready = false;
        node.bury();
      }
    }
  }
}

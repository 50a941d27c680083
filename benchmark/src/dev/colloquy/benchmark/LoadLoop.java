package dev.colloquy.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts one plan's load on a target: keep-alive connections, one thread, one selector. Used once,
 * then closed.
 */
final class LoadLoop implements AutoCloseable {
  private static final long PATIENCE = Duration.ofSeconds(60).toNanos();
  private static final int MOST_REOPENED = 10_000;

  private static final class Connection {
    final List<byte[]> requests = new ArrayList<>();
    int next;
    SelectionKey key;
    HttpParser parser = new HttpParser("");
    boolean busy;
    long intended;
    ByteBuffer unsent = ByteBuffer.allocate(0);

    SocketChannel channel() {
      return (SocketChannel) key.channel();
    }
  }

  private final Target target;
  private final Plan plan;
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(262_144);
  private final List<Connection> connections = new ArrayList<>();
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final Tally tally = new Tally();
  private long windowMiddle;
  private long windowEnd;
  private int reopened;

  /** Opens the plan's connections and deals the conversations out among them. */
  LoadLoop(Target target, Plan plan) throws IOException {
    this.target = target;
    this.plan = plan;
    var requests = target.requests();
    if (plan.connections() < 1 || plan.connections() > requests.size()) {
      throw new IllegalArgumentException(
          plan.connections() + " connections for " + requests.size() + " conversations");
    }
    for (var i = 0; i < plan.connections(); i++) {
      var connection = new Connection();
      open(connection);
      connections.add(connection);
    }
    for (var i = 0; i < requests.size(); i++) {
      connections.get(i % connections.size()).requests.add(requests.get(i));
    }
    idle.addAll(connections);
  }

  /** Runs the plan to its end; returns what {@link Tally#line} says. */
  String run() throws IOException {
    var cpu = Proc.ownCpuMillis();
    var start = System.nanoTime();
    var seconds =
        switch (plan) {
          case Plan.Closed closed -> closed(closed, start);
          case Plan.Open open -> open(open, start);
          case Plan.AtOnce atOnce -> atOnce(atOnce, start);
        };
    return tally.line(seconds, Proc.ownCpuMillis() - cpu);
  }

  private double closed(Plan.Closed plan, long start) throws IOException {
    window(start, plan.seconds());
    for (var now = start; now < windowEnd; now = System.nanoTime()) {
      for (var free = idle.poll(); free != null; free = idle.poll()) {
        send(free, System.nanoTime());
      }
      poll(windowEnd - now);
    }
    drain(0);
    return plan.seconds();
  }

  private double open(Plan.Open plan, long start) throws IOException {
    window(start, plan.seconds());
    var total = Math.round(plan.rate() * plan.seconds());
    var sent = 0L;
    for (var now = start; now < windowEnd; now = System.nanoTime()) {
      sent = sendDue(plan, start, sent, total);
      var due = start + nanos(sent / plan.rate());
      // Overdue: all connections are busy, and an answer ends the wait.
      poll((due <= now ? windowEnd : Math.min(windowEnd, due)) - System.nanoTime());
    }
    drain(total - sendDue(plan, start, sent, total));
    return plan.seconds();
  }

  /** Sends what is due, as far as connections are free; returns how many were sent by now. */
  private long sendDue(Plan.Open plan, long start, long sentBefore, long total) throws IOException {
    for (var sent = sentBefore; ; sent++) {
      var due = start + nanos(sent / plan.rate());
      if (sent == total || due > System.nanoTime() || idle.isEmpty()) {
        return sent;
      }
      send(idle.remove(), due);
    }
  }

  private double atOnce(Plan.AtOnce plan, long start) throws IOException {
    window(start, Integer.MAX_VALUE);
    for (var round = 0; round < plan.rounds() && idle.size() == connections.size(); round++) {
      var roundStart = System.nanoTime();
      for (var free = idle.poll(); free != null; free = idle.poll()) {
        send(free, roundStart);
      }
      await(roundStart + PATIENCE);
    }
    var end = System.nanoTime();
    drain(0);
    return (end - start) / 1e9;
  }

  /**
   * Waits for the answers that are still due, with bounded patience, and counts what never came.
   */
  private void drain(long unsent) throws IOException {
    await(System.nanoTime() + PATIENCE);
    tally.left(connections.size() - idle.size(), unsent);
  }

  private void window(long start, double seconds) {
    windowMiddle = start + nanos(seconds / 2);
    windowEnd = start + nanos(seconds);
  }

  private void await(long deadline) throws IOException {
    for (var now = System.nanoTime();
        idle.size() < connections.size() && now < deadline;
        now = System.nanoTime()) {
      poll(deadline - now);
    }
  }

  private void poll(long nanos) throws IOException {
    // Rounded up: a message may be sent up to 1 ms late, which its latency then shows, but no core
    // is spent on waiting.
    var millis = Math.ceilDiv(nanos, 1_000_000L);
    if (millis > 0) {
      selector.select(this::ready, millis);
    } else {
      selector.selectNow(this::ready);
    }
    if (reopened > MOST_REOPENED || tally.brokenSoFar() > MOST_REOPENED) {
      throw new IOException("the server breaks connections: gave up after " + MOST_REOPENED);
    }
  }

  private void send(Connection connection, long intended) throws IOException {
    var request = connection.requests.get(connection.next);
    connection.next = (connection.next + 1) % connection.requests.size();
    connection.busy = true;
    connection.intended = intended;
    try {
      buffer.clear().put(request).flip();
      connection.channel().write(buffer);
      if (buffer.hasRemaining()) {
        connection.unsent = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
        connection.key.interestOps(SelectionKey.OP_WRITE);
      }
    } catch (IOException e) {
      broke(connection);
    }
  }

  private void ready(SelectionKey key) {
    var connection = (Connection) key.attachment();
    try {
      if (key.isWritable()) {
        connection.channel().write(connection.unsent);
        if (!connection.unsent.hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ);
        }
      } else {
        read(connection);
      }
    } catch (IOException e) {
      broke(connection);
    }
  }

  private void read(Connection connection) throws IOException {
    buffer.clear();
    var end = connection.channel().read(buffer) < 0;
    buffer.flip();
    while (buffer.hasRemaining() && connection.parser.read(buffer)) {
      if (!connection.busy) {
        throw new IOException("an answer to nothing");
      }
      var now = System.nanoTime();
      tally.answered(
          connection.parser.status(),
          now - connection.intended,
          now <= windowEnd,
          connection.intended >= windowMiddle);
      connection.busy = false;
      idle.add(connection);
      end |= connection.parser.closes();
    }
    if (end) {
      broke(connection);
    }
  }

  /** Replaces a connection that ended; its message, if one was under way, is counted as broken. */
  private void broke(Connection connection) {
    try {
      connection.key.cancel();
      connection.channel().close();
      reopened++;
      open(connection);
    } catch (IOException e) {
      reopened = MOST_REOPENED + 1; // the server is gone: poll gives up
    }
    if (connection.busy) {
      connection.busy = false;
      tally.broken();
      idle.add(connection);
    }
  }

  private void open(Connection connection) throws IOException {
    var channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    connection.parser = new HttpParser("");
    connection.key = channel.register(selector, SelectionKey.OP_READ, connection);
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * 1e9);
  }

  @Override
  public void close() throws IOException {
    for (var connection : connections) {
      connection.channel().close();
    }
    selector.close();
  }
}

package dev.colloquy.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * A stand-in for a model provider: answers OpenAI's {@code POST /v1/chat/completions} after a set
 * delay, with prebuilt bytes, on one thread and for ten thousand connections, so that it costs the
 * measured server as little as it can.
 *
 * <p>Streams when the request has {@code "stream": true}. {@code PUT /delay/MILLIS} sets the delay,
 * {@code PUT /refuse/N} makes every Nth answer a 429 (0: none), {@code PUT /pause/MILLIS} sets how
 * long a stream that was not delayed rests after its first word, {@code GET /stats} tells what was
 * answered, when the last one without a delay was begun, and its own CPU time. Ends when its
 * standard input does, so that it never outlives the program that started it.
 */
final class StubModel {
  private static final int LONGEST_DELAY_MILLIS = 600_000;

  private static final class Connection {
    final SocketChannel channel;
    final HttpParser parser = new HttpParser("\"stream\":true");
    ByteBuffer unsent = ByteBuffer.allocate(0);

    Connection(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private record Due(long nanos, SelectionKey key, ByteBuffer answer) {}

  private final Selector selector = Selector.open();
  private final ServerSocketChannel server = ServerSocketChannel.open();
  private final ByteBuffer input = ByteBuffer.allocateDirect(65_536);
  private final ByteBuffer stream = StubAnswers.stream();
  private final ByteBuffer firstWord = StubAnswers.firstWord();
  private final ByteBuffer otherWords = StubAnswers.otherWords();
  private final ByteBuffer whole = StubAnswers.whole();
  private final ByteBuffer refusal =
      StubAnswers.json(429, "Too Many Requests", "{\"error\":{\"message\":\"slow down\"}}");
  // Every answer waits equally long, so this queue is in the order of due times (but for a moment
  // after a change).
  private final ArrayDeque<Due> waiting = new ArrayDeque<>();
  private long delayNanos;
  private long pauseNanos;
  private long begunNanos;
  private int refuseEvery;
  private long answered;
  private long broken;

  private StubModel(int port) throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /**
   * Serves until standard input ends.
   *
   * @param args the port (0: any free one) and the delay in milliseconds; both may be left out
   */
  public static void main(String... args) throws IOException {
    var stub = new StubModel(args.length > 0 ? Integer.parseInt(args[0]) : 0);
    stub.delayNanos = args.length > 1 ? Duration.ofMillis(Long.parseLong(args[1])).toNanos() : 0;
    System.out.println(
        "listening " + ((InetSocketAddress) stub.server.getLocalAddress()).getPort());
    Child.endWithStandardInput();
    stub.serve();
  }

  private void serve() throws IOException {
    while (true) {
      var wait = waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().nanos() - System.nanoTime();
      if (wait <= 0) {
        selector.selectNow(this::ready);
      } else {
        selector.select(this::ready, waiting.isEmpty() ? 0 : wait / 1_000_000 + 1);
      }
      var now = System.nanoTime();
      while (!waiting.isEmpty() && waiting.peek().nanos() <= now) {
        var due = waiting.remove();
        send(due.key(), due.answer());
      }
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.channel() == server) {
        accept();
      } else if (key.isWritable()) {
        write(key, (Connection) key.attachment());
      } else {
        read(key, (Connection) key.attachment());
      }
    } catch (IOException e) {
      close(key);
      broken++;
    }
  }

  private void accept() throws IOException {
    for (var channel = server.accept(); channel != null; channel = server.accept()) {
      channel.configureBlocking(false);
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
    }
  }

  private void read(SelectionKey key, Connection connection) throws IOException {
    input.clear();
    if (connection.channel.read(input) < 0) {
      close(key);
      return;
    }
    input.flip();
    while (input.hasRemaining() && connection.parser.read(input)) {
      answer(key, connection.parser);
    }
  }

  private void answer(SelectionKey key, HttpParser request) {
    var line = request.startLine();
    if (!line.startsWith("POST /v1/chat/completions ")) {
      send(key, control(line));
      return;
    }
    answered++;
    var refused = refuseEvery > 0 && answered % refuseEvery == 0;
    var answer = refused ? refusal : request.found() ? stream : whole;
    if (delayNanos > 0) {
      waiting.add(new Due(System.nanoTime() + delayNanos, key, answer.duplicate()));
      return;
    }
    begunNanos = System.nanoTime();
    if (pauseNanos > 0 && answer == stream) {
      send(key, firstWord.duplicate());
      waiting.add(new Due(begunNanos + pauseNanos, key, otherWords.duplicate()));
    } else {
      send(key, answer.duplicate());
    }
  }

  private ByteBuffer control(String line) {
    var parts = line.split("[ /]+");
    if (line.startsWith("GET /stats ")) {
      return StubAnswers.json(200, "OK", stats());
    }
    if (line.matches("PUT /(delay|pause|refuse)/\\d{1,6} HTTP/1\\.1")) {
      var value = Math.min(Integer.parseInt(parts[2]), LONGEST_DELAY_MILLIS);
      switch (parts[1]) {
        case "delay" -> delayNanos = Duration.ofMillis(value).toNanos();
        case "pause" -> pauseNanos = Duration.ofMillis(value).toNanos();
        default -> refuseEvery = value;
      }
      return StubAnswers.json(200, "OK", "{}");
    }
    return StubAnswers.json(404, "Not Found", "{\"error\":{\"message\":\"no such path\"}}");
  }

  private String stats() {
    return String.format(
        Locale.ROOT,
        "{\"answered\":%d,\"begunNanos\":%d,\"broken\":%d,\"connections\":%d,\"waiting\":%d,\"cpuMillis\":%d}",
        answered,
        begunNanos,
        broken,
        selector.keys().size() - 1,
        waiting.size(),
        Proc.ownCpuMillis());
  }

  private void send(SelectionKey key, ByteBuffer answer) {
    if (!key.isValid()) {
      return; // the caller hung up while the answer waited
    }
    var connection = (Connection) key.attachment();
    try {
      if (connection.unsent.hasRemaining()) {
        throw new IOException("a second request before the first was answered");
      }
      connection.unsent = answer;
      write(key, connection);
    } catch (IOException e) {
      close(key);
      broken++;
    }
  }

  private static void write(SelectionKey key, Connection connection) throws IOException {
    connection.channel.write(connection.unsent);
    var wanted = connection.unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  private static void close(SelectionKey key) {
    key.cancel();
    try {
      key.channel().close();
    } catch (IOException e) {
      System.err.println("closing a connection: " + e.getMessage());
    }
  }
}

package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads many event streams at once, on one thread with one selector; another thread opens them and
 * asks when events came.
 */
final class StreamClient implements Closeable {
  private static final int OPENING_AT_ONCE = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] OK = "HTTP/1.1 200".getBytes(US_ASCII);
  private static final byte[] EVENT = "event: message.created\n".getBytes(US_ASCII);
  private static final byte[] BEAT = ":\n\n".getBytes(US_ASCII);

  private final int port;
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
  private final List<SocketChannel> channels = new ArrayList<>();
  private final Semaphore opening = new Semaphore(OPENING_AT_ONCE);
  private final Map<Integer, BlockingQueue<Long>> watched = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicLong beats = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private volatile boolean closed;

  /** One stream: how much of each text the last bytes were. */
  private static final class Stream {
    final int number;
    boolean opened;
    int ok;
    int event;
    int beat;

    Stream(int number) {
      this.number = number;
    }
  }

  StreamClient(int port) throws IOException {
    this.port = port;
    Thread.ofPlatform().name("streams").daemon().start(this::readAll);
  }

  /** Opens a stream for each path, some at a time, and waits until all of them are open. */
  void open(List<String> paths, String header) throws IOException, InterruptedException {
    for (var path : paths) {
      if (!opening.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        break;
      }
      var channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      var request =
          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n%s\r\n\r\n"
              .formatted(path, port, header);
      var bytes = ByteBuffer.wrap(request.getBytes(US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.configureBlocking(false);
      var number = channels.size();
      channels.add(channel);
      var _ = channel.register(selector, SelectionKey.OP_READ, new Stream(number));
      selector.wakeup();
    }
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (open.get() < paths.size() && broken.get() == 0 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    if (open.get() < paths.size() || broken.get() > 0) {
      throw new IOException(
          "%d of %d streams are open, %d were ended".formatted(open.get(), paths.size(), broken()));
    }
  }

  /** Begins to note when events of a stream come. */
  BlockingQueue<Long> watch(int stream) {
    return watched.computeIfAbsent(stream, _ -> new LinkedBlockingQueue<>());
  }

  void ignore(int stream) {
    watched.remove(stream);
  }

  /** Streams that were refused or ended. */
  int broken() {
    return broken.get();
  }

  /** Heartbeats so far. */
  long beats() {
    return beats.get();
  }

  /** Events so far. */
  long events() {
    return events.get();
  }

  private void readAll() {
    try {
      while (!closed) {
        selector.select(this::read, 100);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(SelectionKey key) {
    var stream = (Stream) key.attachment();
    try {
      buffer.clear();
      if (((SocketChannel) key.channel()).read(buffer) < 0) {
        throw new IOException("ended");
      }
    } catch (IOException e) {
      key.cancel();
      broken.incrementAndGet();
      return;
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      take(stream, buffer.get());
    }
  }

  private void take(Stream stream, byte next) {
    if (!stream.opened) {
      stream.ok = next == OK[stream.ok] ? stream.ok + 1 : 0;
      if (stream.ok == OK.length) {
        stream.opened = true;
        open.incrementAndGet();
        opening.release();
      }
      return;
    }
    stream.beat = next == BEAT[stream.beat] ? stream.beat + 1 : next == BEAT[0] ? 1 : 0;
    if (stream.beat == BEAT.length) {
      stream.beat = 0;
      beats.incrementAndGet();
    }
    stream.event = next == EVENT[stream.event] ? stream.event + 1 : next == EVENT[0] ? 1 : 0;
    if (stream.event == EVENT.length) {
      stream.event = 0;
      events.incrementAndGet();
      var times = watched.get(stream.number);
      if (times != null) {
        times.add(System.nanoTime());
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    for (var channel : channels) {
      channel.close();
    }
    selector.close();
  }
}

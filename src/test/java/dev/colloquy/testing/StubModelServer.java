package dev.colloquy.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * All model providers at once, on a port of 127.0.0.1: real HTTP/1.1 with keep-alive, each
 * provider's own stream by the path that is asked. Answers that were queued go first, then those of
 * the rule. Safe for many threads.
 */
public final class StubModelServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServerSocket socket;
  private final Queue<ModelAnswer> queued = new ConcurrentLinkedQueue<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> hanging = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger abandoned = new AtomicInteger();
  private volatile Function<Request, ModelAnswer> rule = request -> ModelAnswer.reply("Hello.");
  private volatile Duration latency = Duration.ZERO;
  private volatile boolean recording = true;

  /**
   * One request as it came.
   *
   * @param headers names in lower case
   */
  public record Request(
      ModelProtocol protocol, String path, Map<String, String> headers, JsonNode body) {
    /** The model that is asked for. */
    public String model() {
      return protocol == ModelProtocol.GEMINI
          ? path.replaceAll(".*/models/([^:]*):.*", "$1")
          : body.path("model").asText();
    }

    /** A header's value, or "" where it did not come. */
    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  private StubModelServer(ServerSocket socket) {
    this.socket = socket;
  }

  public static StubModelServer start() {
    try {
      var socket = new ServerSocket();
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 4096);
      var server = new StubModelServer(socket);
      Thread.ofVirtual().name("stub-model-server").start(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code colloquy.model.<provider>.base-url} is to be. */
  public String baseUrl(ModelProtocol protocol) {
    return "http://127.0.0.1:" + socket.getLocalPort() + protocol.basePath();
  }

  /** These answer the next requests, in their order. */
  public StubModelServer next(ModelAnswer... answers) {
    queued.addAll(Arrays.asList(answers));
    return this;
  }

  /** This answers all requests for which nothing is queued. */
  public StubModelServer always(Function<Request, ModelAnswer> rule) {
    this.rule = rule;
    return this;
  }

  /** How long every answer lets itself be waited for. */
  public StubModelServer latency(Duration latency) {
    this.latency = latency;
    return this;
  }

  /** Keeps no requests, for tests under load. */
  public StubModelServer withoutRecording() {
    recording = false;
    return this;
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /**
   * Forgets requests, queued answers and the rule, and breaks off what hangs: a test that leaves
   * turns behind would have others count them.
   */
  public void reset() {
    requests.clear();
    queued.clear();
    rule = request -> ModelAnswer.reply("Hello.");
    latency = Duration.ZERO;
    for (var connection : Set.copyOf(hanging)) {
      if (hanging.remove(connection)) {
        close(connection);
      }
    }
  }

  private static void close(Socket connection) {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many connections were made so far. */
  public int connections() {
    return connections.get();
  }

  /** How many answers that hang were given up by the client, which closed its connection. */
  public int abandoned() {
    return abandoned.get();
  }

  @Override
  public void close() {
    try {
      socket.close();
      open.forEach(StubModelServer::close);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        connection.setTcpNoDelay(true);
        connections.incrementAndGet();
        open.add(connection);
        Thread.startVirtualThread(() -> serve(connection));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      var out = connection.getOutputStream();
      for (var request = read(in); request != null; request = read(in)) {
        if (recording) {
          requests.add(request);
        }
        if (latency.isPositive()) {
          LockSupport.parkNanos(latency.toNanos());
        }
        var answer = queued.poll();
        if (!answer(request, answer == null ? rule.apply(request) : answer, connection, in, out)) {
          return;
        }
      }
    } catch (IOException e) {
      // The client is gone; what it wanted to show, it shows by its own failure.
    } finally {
      open.remove(connection);
    }
  }

  private static Request read(InputStream in) throws IOException {
    var start = line(in);
    if (start == null) {
      return null;
    }
    var headers = new TreeMap<String, String>();
    for (var line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      var colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    var path = start.substring(start.indexOf(' ') + 1, start.lastIndexOf(' '));
    return new Request(ModelProtocol.ofPath(path), path, Map.copyOf(headers), JSON.readTree(body));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** Says whether the connection may serve another request. */
  private boolean answer(
      Request request, ModelAnswer answer, Socket connection, InputStream in, OutputStream out)
      throws IOException {
    return switch (answer) {
      case ModelAnswer.Status status -> {
        out.write(head(status));
        yield true;
      }
      case ModelAnswer.Silence() -> {
        waitForClose(connection, in);
        yield false;
      }
      case ModelAnswer.Reply reply -> {
        write(request, reply, out);
        yield switch (reply.ending()) {
          case HANG -> {
            waitForClose(connection, in);
            yield false;
          }
          case RESET -> {
            connection.setSoLinger(true, 0);
            yield false;
          }
          case COMPLETE, WITHOUT_CLOSING_EVENT, MALFORMED, ERROR_EVENT -> {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            yield true;
          }
        };
      }
    };
  }

  private void waitForClose(Socket connection, InputStream in) throws IOException {
    hanging.add(connection);
    try {
      while (in.read() >= 0) {
        // Nothing is expected but the end.
      }
    } finally {
      if (hanging.remove(connection)) {
        abandoned.incrementAndGet();
      }
    }
  }

  private static byte[] head(ModelAnswer.Status status) {
    var body = status.body().getBytes(StandardCharsets.UTF_8);
    var head = new StringBuilder("HTTP/1.1 " + status.status() + " Because\r\n");
    head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length);
    status.headers().forEach((k, v) -> head.append("\r\n").append(k).append(": ").append(v));
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private static void write(Request request, ModelAnswer.Reply reply, OutputStream out)
      throws IOException {
    var protocol = request.protocol();
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
            .formatted(protocol.contentType())
            .getBytes(StandardCharsets.US_ASCII));
    var events = protocol.events(request.model(), reply);
    if (reply.chunkBytes() > 0) {
      out.write(whole.toByteArray());
      var bytes = String.join("", events).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < bytes.length; i += reply.chunkBytes()) {
        var part = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + reply.chunkBytes()));
        out.write(chunk(part));
        out.flush();
      }
      return;
    }
    for (var event : events) {
      whole.writeBytes(chunk(event.getBytes(StandardCharsets.UTF_8)));
    }
    out.write(whole.toByteArray());
    out.flush();
  }

  private static byte[] chunk(byte[] bytes) {
    var chunk = new ByteArrayOutputStream(bytes.length + 16);
    chunk.writeBytes(
        (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    chunk.writeBytes(bytes);
    chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    return chunk.toByteArray();
  }
}

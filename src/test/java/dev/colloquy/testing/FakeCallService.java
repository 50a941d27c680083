package dev.colloquy.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.eclipse.microprofile.config.ConfigProvider;

/** A service that is asked for calls over HTTP, on a port of 127.0.0.1. */
final class FakeCallService implements AutoCloseable {
  private final HttpServer server;
  private final Queue<Answer> next = new ConcurrentLinkedQueue<>();
  private final List<Asked> taken = new CopyOnWriteArrayList<>();
  private final Function<Asked, Checked> check;

  /** What the service does with one request. */
  sealed interface Answer {
    record Status(int status, String retryAfter) implements Answer {}

    /** It takes the call and hangs up before it answers. */
    record Drop() implements Answer {}

    /** It takes the call, and its answer says nothing of it. */
    record Nonsense() implements Answer {}
  }

  /** One request. */
  record Asked(String path, String authorization, String body) {}

  /** What the service makes of a request that it may take: its id there, and the answer. */
  record Checked(int status, String answer) {}

  FakeCallService(Function<Asked, Checked> check) {
    this.check = check;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::serve);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void next(Answer answer) {
    next.add(answer);
  }

  List<Asked> taken() {
    return List.copyOf(taken);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var asked =
          new Asked(
              exchange.getRequestURI().getPath(),
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      var answer = next.poll();
      if (answer instanceof Answer.Status(var status, var retryAfter)) {
        if (retryAfter != null) {
          exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        send(exchange, status, "{\"message\":\"no\"}");
        return;
      }
      var checked = check.apply(asked);
      if (checked.status() / 100 == 2) {
        taken.add(asked);
      }
      if (answer instanceof Answer.Drop) {
        return; // closed without an answer
      }
      send(
          exchange,
          checked.status(),
          answer instanceof Answer.Nonsense ? "<html>" : checked.answer());
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** The address of the server under test for what it was told its own address is. */
  static URI ours(String address) {
    var port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    var given = URI.create(address);
    var scheme = address.startsWith("ws") ? "ws" : "http";
    return URI.create(
        scheme + "://127.0.0.1:" + (port == 0 ? RestAssured.port : port) + given.getRawPath());
  }
}

package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;
import java.util.Optional;

/**
 * A provider's API over HTTP/1.1, on a port of 127.0.0.1: it is asked by POST, with bodies of a
 * known length.
 */
final class StubHttp implements Closeable {
  private final Answers answers;
  private final Listener listener;

  /** What the API answers. Any thread. */
  interface Answers {
    /** The JSON of a 201; nothing where the API has no such path or wants no such body: 404. */
    Optional<String> answer(String path, String body);
  }

  StubHttp(Answers answers) throws IOException {
    this.answers = answers;
    listener = new Listener(this::talk);
  }

  String baseUrl() {
    return "http://127.0.0.1:" + listener.port();
  }

  private void talk(Socket socket) throws IOException {
    var in = new BufferedInputStream(socket.getInputStream());
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var length = 0;
      for (var header = line(in); !header.isEmpty(); header = line(in)) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring("content-length:".length()).strip());
        }
      }
      var body = new String(in.readNBytes(length), UTF_8);
      var answer = line.startsWith("POST ") ? answers.answer(line.split(" ")[1], body) : none();
      socket.getOutputStream().write(response(answer));
    }
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private static byte[] response(Optional<String> answer) {
    var body = answer.orElse("{\"message\":\"no such thing\"}");
    return "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(
            answer.isPresent() ? "201 Created" : "404 Not Found", body.getBytes(UTF_8).length, body)
        .getBytes(UTF_8);
  }

  /** The next line without its end; "" also where there is none. */
  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}

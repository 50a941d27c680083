package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A connection to 127.0.0.1 that is kept from request to request. One thread, which it blocks. */
final class HttpLine implements Closeable {
  private static final int PATIENCE = (int) Duration.ofSeconds(60).toMillis();

  private final int port;
  private final String wanted;
  private final byte[] buffer = new byte[65_536];
  private Socket socket = new Socket();
  private HttpParser parser = new HttpParser("");

  /**
   * @param wanted text to look for in answers, as {@link HttpParser} does
   */
  HttpLine(int port, String wanted) {
    this.port = port;
    this.wanted = wanted;
  }

  /** The bytes of a POST, with these header lines besides those that it must have. */
  static byte[] request(int port, String path, List<String> headers, String body) {
    var head = new StringBuilder();
    head.append("POST ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1:").append(port);
    head.append("\r\nContent-Length: ").append(body.getBytes(UTF_8).length).append("\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    return head.append("\r\n").append(body).toString().getBytes(UTF_8);
  }

  /**
   * Sends a request and reads its answer; the status.
   *
   * @param reader is shown the bytes of the answer as they come
   * @throws IOException where the connection breaks, or nothing comes for a minute; the next
   *     request has another connection
   */
  int send(byte[] request, Consumer<ByteBuffer> reader) throws IOException {
    try {
      if (!socket.isConnected()) {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE);
        parser = new HttpParser(wanted);
      }
      socket.getOutputStream().write(request);
      readAnswer(reader);
      if (parser.closes()) {
        close();
      }
      return parser.status();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void readAnswer(Consumer<ByteBuffer> reader) throws IOException {
    var isComplete = false;
    while (!isComplete) {
      var length = socket.getInputStream().read(buffer);
      if (length < 0) {
        throw new IOException("the connection ended before the answer did");
      }
      var bytes = ByteBuffer.wrap(buffer, 0, length);
      reader.accept(bytes.duplicate());
      isComplete = parser.read(bytes);
      if (bytes.hasRemaining()) {
        throw new IOException("an answer to nothing");
      }
    }
  }

  /** Whether the wanted text was in the last answer. */
  boolean found() {
    return parser.found();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    socket = new Socket();
  }
}

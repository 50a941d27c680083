package dev.colloquy.benchmark;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds where HTTP/1.1 messages (RFC 9112) end in a stream of bytes.
 *
 * <p>Keeps the start line, and of the body only whether a wanted text was in it, so that ten
 * thousand connections cost little memory. Requests and responses alike; one thread.
 */
final class HttpParser {
  private enum State {
    START,
    HEADER,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER
  }

  private static final int LINE_LIMIT = 16_384;

  private final byte[] wanted;
  private byte[] line = new byte[128];
  private int lineLength;
  private State state = State.START;
  private String startLine = "";
  private boolean lengthKnown;
  private boolean chunked;
  private boolean closes;
  private long remaining;
  private int matched;

  /**
   * @param wanted text to look for in bodies, ASCII and without spaces; spaces in the body are
   *     passed over. Empty: look for nothing.
   */
  HttpParser(String wanted) {
    this.wanted = wanted.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Takes bytes up to the end of one message.
   *
   * @return whether a message is complete; false when all bytes are taken and more are needed
   * @throws ProtocolException when the bytes are no HTTP/1.1 message, or its end cannot be known
   */
  boolean read(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      var complete =
          switch (state) {
            case BODY, CHUNK -> readBody(in);
            case START, HEADER, CHUNK_SIZE, CHUNK_END, TRAILER -> readLine(in);
          };
      if (complete) {
        state = State.START;
        return true;
      }
    }
    return false;
  }

  /** The request line or status line of the message last completed. */
  String startLine() {
    return startLine;
  }

  /** The status of the response last completed. */
  int status() throws ProtocolException {
    if (startLine.length() < 12) {
      throw new ProtocolException("no status line: " + startLine);
    }
    return (int) number(startLine.substring(9, 12), 10);
  }

  /** Whether the wanted text was in the body of the message last completed. */
  boolean found() {
    return matched == wanted.length;
  }

  /** Whether the sender of the message last completed closes the connection after it. */
  boolean closes() {
    return closes;
  }

  private boolean readLine(ByteBuffer in) throws ProtocolException {
    var next = in.get();
    if (next != '\n') {
      if (lineLength == LINE_LIMIT) {
        throw new ProtocolException("line too long");
      }
      if (lineLength == line.length) {
        line = Arrays.copyOf(line, line.length * 2);
      }
      line[lineLength++] = next;
      return false;
    }
    var end = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
    lineLength = 0;
    return lineEnded(end);
  }

  private boolean lineEnded(int end) throws ProtocolException {
    switch (state) {
      case START -> start(end);
      case HEADER -> {
        if (end == 0) {
          return headersEnded();
        }
        header(end);
      }
      case CHUNK_SIZE -> {
        var size = text(0, end);
        remaining = number(size.indexOf(';') < 0 ? size : size.substring(0, size.indexOf(';')), 16);
        state = remaining == 0 ? State.TRAILER : State.CHUNK;
      }
      case CHUNK_END -> {
        if (end != 0) {
          throw new ProtocolException("chunk longer than its size");
        }
        state = State.CHUNK_SIZE;
      }
      case TRAILER -> {
        return end == 0;
      }
      case BODY, CHUNK -> throw new AssertionError(state);
    }
    return false;
  }

  private void start(int end) {
    if (end == 0) {
      return; // RFC 9112, 2.2: an empty line before a message is passed over
    }
    startLine = text(0, end);
    lengthKnown = false;
    chunked = false;
    closes = false;
    remaining = 0;
    matched = 0;
    state = State.HEADER;
  }

  private void header(int end) throws ProtocolException {
    // Only three headers matter; their first letters save making a string of all the others.
    var first = line[0] | 0x20;
    if (first != 'c' && first != 't') {
      return;
    }
    var colon = 0;
    while (colon < end && line[colon] != ':') {
      colon++;
    }
    if (nameIs("content-length", colon)) {
      remaining = number(text(colon + 1, end).strip(), 10);
      lengthKnown = true;
    } else if (nameIs("transfer-encoding", colon)) {
      chunked = text(colon + 1, end).strip().equalsIgnoreCase("chunked");
    } else if (nameIs("connection", colon)) {
      closes = text(colon + 1, end).strip().equalsIgnoreCase("close");
    }
  }

  private boolean headersEnded() throws ProtocolException {
    var response = startLine.startsWith("HTTP/");
    var status = response ? status() : 0;
    if (response && status < 200) {
      state = State.START; // 100 Continue and the like: the real answer follows
      return false;
    }
    if (status == 204 || status == 304) {
      return true;
    }
    if (response && !chunked && !lengthKnown) {
      throw new ProtocolException("answer without a length");
    }
    if (chunked) {
      state = State.CHUNK_SIZE;
      return false;
    }
    state = State.BODY;
    return remaining == 0;
  }

  private boolean readBody(ByteBuffer in) {
    var length = (int) Math.min(remaining, in.remaining());
    var end = in.position() + length;
    for (var i = in.position(); i < end && matched < wanted.length; i++) {
      match(in.get(i));
    }
    in.position(end);
    remaining -= length;
    if (remaining > 0) {
      return false;
    }
    if (state == State.BODY) {
      return true;
    }
    state = State.CHUNK_END;
    return false;
  }

  private void match(byte next) {
    if (next == wanted[matched]) {
      matched++;
    } else if (next != ' ') {
      matched = next == wanted[0] ? 1 : 0;
    }
  }

  private boolean nameIs(String name, int length) {
    if (length != name.length()) {
      return false;
    }
    for (var i = 0; i < length; i++) {
      var letter = line[i] >= 'A' && line[i] <= 'Z' ? line[i] | 0x20 : line[i];
      if (letter != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String text(int from, int to) {
    return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static long number(String digits, int radix) throws ProtocolException {
    try {
      var value = Long.parseLong(digits.strip(), radix);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below, with the text
    }
    throw new ProtocolException("not a length: " + digits);
  }
}

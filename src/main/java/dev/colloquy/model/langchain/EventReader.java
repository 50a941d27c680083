package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelException.Reason;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stream and hands its events to LangChain4j, on the calling thread. LangChain4j's own
 * parsers are not used: they log and go on when an event cannot be read, and their log lines hold
 * pieces of it.
 */
final class EventReader {
  private static final int MAX_LINE_BYTES = 4 << 20;
  private static final int MAX_STREAM_BYTES = 32 << 20;

  /** All but Anthropic send an error in mid-stream as an event like the others. */
  private static final Pattern ERROR = Pattern.compile("\\s*\\{\\s*\"error\"\\s*:\\s*[{\"]");

  private final Framing framing;
  private final Attempt attempt;
  private final ServerSentEventListener listener;
  private final ServerSentEventContext context;
  private byte[] buffer = new byte[4096];
  private @Nullable String event;
  private @Nullable String data;

  EventReader(
      Framing framing,
      Attempt attempt,
      ServerSentEventListener listener,
      ServerSentEventContext context) {
    this.framing = framing;
    this.attempt = attempt;
    this.listener = listener;
    this.context = context;
  }

  /** Reads to the end of the stream, or until the attempt is stopped. */
  void readAll(InputStream in) throws IOException {
    var filled = 0;
    var total = 0L;
    int count;
    while ((count = in.read(buffer, filled, buffer.length - filled)) >= 0) {
      total += count;
      if (total > MAX_STREAM_BYTES) {
        throw tooLarge();
      }
      filled = takeLines(filled, filled + count);
      if (attempt.stopped() != null) {
        return;
      }
      if (filled == buffer.length) {
        if (filled >= MAX_LINE_BYTES) {
          throw tooLarge();
        }
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
    }
    // Some servers leave out the blank line after the last event. A last line without its end is
    // a cut one and is dropped.
    dispatch();
  }

  /** Takes the whole lines, moves the rest to the buffer's start, and returns the rest's length. */
  private int takeLines(int scanFrom, int end) {
    var start = 0;
    for (int i = scanFrom; i < end && attempt.stopped() == null; i++) {
      if (buffer[i] == '\n') {
        var lineEnd = i > start && buffer[i - 1] == '\r' ? i - 1 : i;
        takeLine(start, lineEnd);
        start = i + 1;
      }
    }
    System.arraycopy(buffer, start, buffer, 0, end - start);
    return end - start;
  }

  private void takeLine(int start, int end) {
    if (framing == Framing.LINES) {
      data = end > start ? text(start, end) : null;
      dispatch();
    } else if (start == end) {
      dispatch();
    } else if (startsWith("data:", start, end)) {
      var value = value(start + 5, end);
      data = data == null ? value : data + "\n" + value;
    } else if (startsWith("event:", start, end)) {
      event = value(start + 6, end);
    }
  }

  private void dispatch() {
    var name = event;
    var text = data;
    event = null;
    data = null;
    if (text == null || text.isBlank() || attempt.stopped() != null) {
      return;
    }
    if (text.equals("[DONE]")) {
      attempt.sawDone();
      return;
    }
    if ("error".equals(name) || ERROR.matcher(text).lookingAt()) {
      throw CallFailure.of(ProviderErrors.inStream(attempt.model(), text));
    }
    listener.onEvent(new ServerSentEvent(name, TokenCounts.checked(text)), context);
  }

  private boolean startsWith(String prefix, int start, int end) {
    if (end - start < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (buffer[start + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String value(int start, int end) {
    return text(start < end && buffer[start] == ' ' ? start + 1 : start, end);
  }

  private String text(int start, int end) {
    return new String(buffer, start, end - start, StandardCharsets.UTF_8);
  }

  private CallFailure tooLarge() {
    return CallFailure.of(Reason.REJECTED, attempt.model() + ": the reply is too large");
  }
}

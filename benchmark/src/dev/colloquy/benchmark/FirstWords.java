package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Notes when the first piece of a streamed completion that has any text in it was read; the piece
 * before it, which only says who speaks, has none. One answer, one thread.
 */
final class FirstWords implements Consumer<ByteBuffer> {
  private static final byte[] CONTENT = "\"content\":\"".getBytes(US_ASCII);

  private int matched;
  private long nanos;

  @Override
  public void accept(ByteBuffer bytes) {
    if (nanos != 0) {
      return;
    }
    var now = System.nanoTime();
    while (bytes.hasRemaining() && nanos == 0) {
      var next = bytes.get();
      if (matched == CONTENT.length) {
        nanos = next == '"' ? 0 : now;
        matched = 0;
      } else {
        matched = next == CONTENT[matched] ? matched + 1 : next == CONTENT[0] ? 1 : 0;
      }
    }
  }

  /** When it was read, by {@link System#nanoTime}; 0 where none was. */
  long nanos() {
    return nanos;
  }
}

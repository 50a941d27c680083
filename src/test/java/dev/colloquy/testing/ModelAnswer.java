package dev.colloquy.testing;

import java.util.List;
import java.util.Map;

/** What a {@link StubModelServer} does with one request. */
public sealed interface ModelAnswer {

  /**
   * A streamed reply.
   *
   * @param pieces the text, piece by piece; none for an empty reply
   * @param inputTokens as reported
   * @param outputTokens as reported
   * @param ending how it goes on after the pieces
   * @param chunkBytes how many bytes are written at once, so that characters and events are split;
   *     0 for an event at a time
   */
  record Reply(
      List<String> pieces, long inputTokens, long outputTokens, Ending ending, int chunkBytes)
      implements ModelAnswer {
    public Reply {
      pieces = List.copyOf(pieces);
    }

    public Reply ending(Ending other) {
      return new Reply(pieces, inputTokens, outputTokens, other, chunkBytes);
    }

    public Reply inChunksOf(int bytes) {
      return new Reply(pieces, inputTokens, outputTokens, ending, bytes);
    }

    public Reply tokens(long input, long output) {
      return new Reply(pieces, input, output, ending, chunkBytes);
    }
  }

  /** An answer with a status other than 200. */
  record Status(int status, Map<String, String> headers, String body) implements ModelAnswer {
    public Status {
      headers = Map.copyOf(headers);
    }
  }

  /** Nothing at all, until the client closes the connection. */
  record Silence() implements ModelAnswer {}

  /** How a reply ends. */
  enum Ending {
    /** As it should, with its closing event. */
    COMPLETE,
    /** The body ends properly, but without the closing event. */
    WITHOUT_CLOSING_EVENT,
    /** The connection is reset. */
    RESET,
    /** Nothing more comes until the client closes the connection. */
    HANG,
    /** An event comes that is not JSON, then the closing event. */
    MALFORMED,
    /** The provider's error event. */
    ERROR_EVENT
  }

  /** A complete reply of the given pieces, with 11 tokens in and 7 out. */
  static Reply reply(String... pieces) {
    return new Reply(List.of(pieces), 11, 7, Ending.COMPLETE, 0);
  }

  static Status status(int status, String body) {
    return new Status(status, Map.of(), body);
  }
}

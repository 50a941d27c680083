package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * The bytes a {@link StubModel} answers with: the shape of OpenAI's chat completions, made once.
 */
final class StubAnswers {
  private static final String TEXT =
      "Orders placed before noon leave the warehouse on the same day. Delivery takes two to three working days, "
          + "and a tracking link is sent by e-mail as soon as the parcel is on its way.";
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":420,\"completion_tokens\":36,\"total_tokens\":456}";
  private static final String COMMON =
      "\"id\":\"chatcmpl-stub\",\"created\":1700000000,\"model\":\"stub\"";

  private StubAnswers() {}

  /** Server-sent events: one for each word, then the finish, the usage and {@code [DONE]}. */
  static ByteBuffer stream() {
    var answer =
        new StringBuilder(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    chunk(
        answer,
        event(
            "\"choices\":["
                + delta("\"role\":\"assistant\",\"content\":\"\"", "null")
                + "],\"usage\":null"));
    for (var word : TEXT.splitWithDelimiters(" ", 0)) {
      if (!word.isBlank()) {
        chunk(
            answer,
            event(
                "\"choices\":["
                    + delta("\"content\":\"" + word + " \"", "null")
                    + "],\"usage\":null"));
      }
    }
    chunk(answer, event("\"choices\":[" + delta("", "\"stop\"") + "],\"usage\":null"));
    chunk(answer, event("\"choices\":[]," + USAGE));
    chunk(answer, "data: [DONE]\n\n");
    return bytes(answer.append("0\r\n\r\n").toString());
  }

  /** The same answer in one piece. */
  static ByteBuffer whole() {
    return json(
        200,
        "OK",
        "{\"object\":\"chat.completion\",%s,\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"finish_reason\":\"stop\"}],%s}"
            .formatted(COMMON, TEXT, USAGE));
  }

  /** An answer with a JSON body. */
  static ByteBuffer json(int status, String reason, String body) {
    return bytes(
        "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, reason, body.length(), body));
  }

  private static String event(String rest) {
    return "data: {\"object\":\"chat.completion.chunk\"," + COMMON + "," + rest + "}\n\n";
  }

  private static String delta(String delta, String finish) {
    return "{\"index\":0,\"delta\":{" + delta + "},\"finish_reason\":" + finish + "}";
  }

  private static void chunk(StringBuilder answer, String event) {
    answer.append(Integer.toHexString(event.length())).append("\r\n").append(event).append("\r\n");
  }

  private static ByteBuffer bytes(String text) {
    var ascii = text.getBytes(US_ASCII);
    return ByteBuffer.allocateDirect(ascii.length).put(ascii).flip();
  }
}

package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The bytes a {@link StubModel} answers with: the shape of OpenAI's chat completions, made once.
 */
final class StubAnswers {
  /** What it says. */
  static final String TEXT =
      "Orders placed before noon leave the warehouse on the same day. Delivery takes two to three working days, "
          + "and a tracking link is sent by e-mail as soon as the parcel is on its way.";

  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":420,\"completion_tokens\":36,\"total_tokens\":456}";
  private static final String COMMON =
      "\"id\":\"chatcmpl-stub\",\"created\":1700000000,\"model\":\"stub\"";

  private StubAnswers() {}

  /** Server-sent events: one for each word, then the finish, the usage and {@code [DONE]}. */
  static ByteBuffer stream() {
    return bytes(opening() + rest());
  }

  /** The beginning of that stream, up to its first word. */
  static ByteBuffer firstWord() {
    return bytes(opening());
  }

  /** What comes after the first word. */
  static ByteBuffer otherWords() {
    return bytes(rest());
  }

  private static String opening() {
    var answer =
        new StringBuilder(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    chunk(
        answer,
        event(
            "\"choices\":["
                + delta("\"role\":\"assistant\",\"content\":\"\"", "null")
                + "],\"usage\":null"));
    word(answer, words().getFirst());
    return answer.toString();
  }

  private static String rest() {
    var answer = new StringBuilder();
    words().stream().skip(1).forEach(word -> word(answer, word));
    chunk(answer, event("\"choices\":[" + delta("", "\"stop\"") + "],\"usage\":null"));
    chunk(answer, event("\"choices\":[]," + USAGE));
    chunk(answer, "data: [DONE]\n\n");
    return answer.append("0\r\n\r\n").toString();
  }

  private static List<String> words() {
    return List.of(TEXT.split(" "));
  }

  private static void word(StringBuilder answer, String word) {
    chunk(
        answer,
        event(
            "\"choices\":[" + delta("\"content\":\"" + word + " \"", "null") + "],\"usage\":null"));
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

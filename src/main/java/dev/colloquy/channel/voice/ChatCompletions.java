package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.message.Message;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.json.Text;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's protocol of chat completions, as far as a call needs it (OpenAI API reference, "Chat
 * Completions" and its streaming events).
 */
final class ChatCompletions {
  private ChatCompletions() {}

  /**
   * What is asked for.
   *
   * @param said what was said last; null where it was not the caller who spoke last
   * @param isStreamed whether the reply is wanted as it is made
   * @param callId the provider's id of the call, where the request says it
   */
  record Request(@Nullable Said said, boolean isStreamed, @Nullable String callId) {}

  /**
   * Something that the caller said.
   *
   * @param utterance which one of the call it is, with a hash of it: a request that is made again
   *     has the same
   */
  record Said(String utterance, String text) {}

  /** Reads a request; 400 where it is none. */
  static Request read(byte @Nullable [] body) {
    var object = Json.object(body).orElseThrow(() -> ApiException.badField("body", "must be JSON"));
    var messages = object.path("messages");
    if (!messages.isArray()) {
      throw ApiException.badField("messages", "must be a list");
    }
    var call = Json.text(object.at("/call/id"), 255);
    return new Request(
        last(messages).orElse(null),
        object.path("stream").asBoolean(false),
        call != null && Json.isPlain(call) ? call : null);
  }

  private static Optional<Said> last(JsonNode messages) {
    var said = 0;
    var text = "";
    for (var message : messages) {
      switch (message.path("role").asText()) {
        case "user" -> {
          said++;
          text = content(message.path("content"));
        }
        // What the provider itself notes in between is not said by anybody.
        case "system", "developer" -> {}
        default -> text = "";
      }
    }
    var last = Text.storable(text.strip());
    if (last.length() > Message.MAX_LENGTH) {
      throw ApiException.badField("messages", "the last one is too long");
    }
    return last.isEmpty() ? Optional.empty() : Optional.of(new Said(said + ":" + hash(last), last));
  }

  /** A text, or a list of parts of which those of type text count. */
  private static String content(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    var text = new StringBuilder();
    for (var part : content) {
      if (part.path("type").asText().equals("text")) {
        text.append(part.path("text").asText()).append(' ');
      }
    }
    return text.toString();
  }

  private static String hash(String text) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What closes a stream. */
  static final String DONE = "[DONE]";

  /** One answer, in chunks or as a whole. */
  record Answer(String id, long created) {
    static Answer of(Call call, Instant now) {
      return new Answer("chatcmpl-" + call.id(), now.getEpochSecond());
    }

    String begin() {
      return chunk(delta().put("role", "assistant").put("content", ""), null);
    }

    String piece(String text) {
      return chunk(delta().put("content", text), null);
    }

    String end() {
      return chunk(delta(), "stop");
    }

    private static ObjectNode delta() {
      return JsonNodeFactory.instance.objectNode();
    }

    private String chunk(ObjectNode delta, @Nullable String finish) {
      var chunk = head("chat.completion.chunk");
      var choice = chunk.putArray("choices").addObject().put("index", 0);
      choice.set("delta", delta);
      choice.put("finish_reason", finish);
      return chunk.toString();
    }

    String whole(String text) {
      var answer = head("chat.completion");
      var choice = answer.putArray("choices").addObject().put("index", 0);
      choice.putObject("message").put("role", "assistant").put("content", text);
      choice.put("finish_reason", "stop");
      answer
          .putObject("usage")
          .put("prompt_tokens", 0)
          .put("completion_tokens", 0)
          .put("total_tokens", 0);
      return answer.toString();
    }

    private ObjectNode head(String object) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("id", id)
          .put("object", object)
          .put("created", created)
          .put("model", "colloquy");
    }
  }
}

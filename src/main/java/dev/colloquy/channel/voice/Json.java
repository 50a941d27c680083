package dev.colloquy.channel.voice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.platform.json.Text;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON as providers send it: whatever is wrong in it is as if it were not there. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** The object that the text is; nothing where it is none. */
  static Optional<ObjectNode> object(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      return MAPPER.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static Optional<ObjectNode> object(byte @Nullable [] body) {
    return body == null ? Optional.empty() : object(new String(body, StandardCharsets.UTF_8));
  }

  /** The text there, as it may be stored and no longer than this; null where there is none. */
  static @Nullable String text(JsonNode node, int most) {
    var text = node.isTextual() ? Text.orNull(node.textValue()) : null;
    return text == null ? null : Text.storable(Text.cut(text.strip(), most));
  }

  /** Whether the text has nothing but printable ASCII. */
  static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}

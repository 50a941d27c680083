package dev.colloquy.platform.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** JSON objects as they are kept in columns of type {@code jsonb}. */
public final class JsonColumn {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectMapper ANSWERS = answers();

  private JsonColumn() {}

  /** The object that a column holds. */
  public static @Nullable ObjectNode read(@Nullable String column) {
    try {
      return column == null ? null : (ObjectNode) MAPPER.readTree(column);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a jsonb column holds no JSON", e);
    }
  }

  /** The object as it is bound; in SQL, {@code cast(:x as jsonb)}. */
  public static @Nullable String write(@Nullable ObjectNode object) {
    return object == null ? null : object.toString();
  }

  /** An answer of the API, as its caller would get it and as it is bound. */
  public static String ofAnswer(Object answer) {
    try {
      return ANSWERS.writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer is no JSON", e);
    }
  }

  private static ObjectMapper answers() {
    var mapper = new ObjectMapper();
    new JsonRules().customize(mapper);
    return mapper.setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
  }
}

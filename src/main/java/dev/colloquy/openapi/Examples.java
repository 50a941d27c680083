package dev.colloquy.openapi;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An example of every body, by operationId; a test sends each of them. */
final class Examples {
  private static final String FILE = "/openapi/examples.json";
  private static final Map<String, Object> ALL = read();

  private Examples() {}

  static @Nullable Object of(String operationId) {
    return ALL.get(operationId);
  }

  private static Map<String, Object> read() {
    try (var in = Examples.class.getResourceAsStream(FILE)) {
      return new ObjectMapper().readValue(in, new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

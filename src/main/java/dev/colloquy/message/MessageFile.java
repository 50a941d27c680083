package dev.colloquy.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file that came with a message.
 *
 * @param size in bytes
 */
public record MessageFile(
    UUID id, String fileName, String contentType, long size, Instant createdAt) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().registerModule(new JavaTimeModule());
  private static final TypeReference<List<MessageFile>> LIST = new TypeReference<>() {};

  /** What the {@code jsonb} column of a message is given; null for no files. */
  static @Nullable String column(List<MessageFile> files) {
    try {
      return files.isEmpty() ? null : MAPPER.writeValueAsString(files);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record is always JSON", e);
    }
  }

  static List<MessageFile> ofColumn(@Nullable String column) {
    try {
      return column == null ? List.of() : MAPPER.readValue(column, LIST);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("files holds what was never written", e);
    }
  }
}

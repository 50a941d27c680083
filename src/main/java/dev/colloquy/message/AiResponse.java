package dev.colloquy.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a model said of its reply; kept as JSON with the message, and shown with the reply's text
 * added.
 */
@Schema(name = "FullAIResponse", description = "What the model said of its reply.")
public record AiResponse(
    @Schema(description = "Summaries of its reasoning, where the provider gives them.")
        @Nullable List<String> reasoning,
    @Schema(description = "The reply's text.") @Nullable String outputText,
    @Schema(description = "The agent's documents that the reply quotes.")
        @Nullable List<FileCitation> fileCitations) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A document that a reply quotes. */
  @Schema(name = "FileCitation")
  public record FileCitation(
      @Schema(required = true) String fileId,
      @Schema(examples = "guide.md", required = true) String filename) {}

  /** The same with the reply's text. */
  AiResponse withText(String text) {
    return new AiResponse(reasoning, text, fileCitations);
  }

  /** What a {@code jsonb} column is given; null where there is nothing to say. */
  public @Nullable String column() {
    if (reasoning == null && fileCitations == null) {
      return null;
    }
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts is always JSON", e);
    }
  }

  static AiResponse ofColumn(@Nullable String column) {
    try {
      return column == null
          ? new AiResponse(null, null, null)
          : MAPPER.readValue(column, AiResponse.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("ai_response holds what was never written", e);
    }
  }
}

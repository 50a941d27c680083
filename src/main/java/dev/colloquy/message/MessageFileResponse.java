package dev.colloquy.message;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A file of a message as the API shows it. */
@Schema(name = "MessageFileInfo", description = "A file that came with a message.")
public record MessageFileResponse(
    @Schema(required = true) String id,
    @Schema(examples = "receipt.pdf", required = true) String fileName,
    @Schema(
            description = "Beyond the published API: its media type.",
            examples = "application/pdf",
            required = true)
        String contentType,
    @Schema(
            description = "The file's id again: no file is given to a model's provider.",
            required = true)
        String openAIFileId,
    @Schema(description = "In bytes.", required = true) long size,
    @Schema(required = true) Instant createdAt,
    @Schema(required = true) Instant updatedAt) {

  static MessageFileResponse of(MessageFile file) {
    return new MessageFileResponse(
        file.id().toString(),
        file.fileName(),
        file.contentType(),
        file.id().toString(),
        file.size(),
        file.createdAt(),
        file.createdAt());
  }
}

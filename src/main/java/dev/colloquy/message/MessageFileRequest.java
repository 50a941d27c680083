package dev.colloquy.message;

import dev.colloquy.platform.http.ApiException;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A file that a message names, uploaded before. */
@Schema(name = "MessageFile", description = "A file that was uploaded before.")
public record MessageFileRequest(
    @Schema(examples = "receipt.pdf", required = true) @NotBlank @Size(max = 255) String fileName,
    @Schema(description = "Where the upload put it.", required = true) @NotBlank @Size(max = 1_000)
        String storagePath) {

  /** Refuses files: none can have been uploaded to this server, so every path names nothing. */
  public static void requireNone(@Nullable List<MessageFileRequest> files) {
    if (files != null && !files.isEmpty()) {
      throw ApiException.badField("files[0].storagePath", "names no file that was uploaded");
    }
  }
}

package dev.colloquy.platform.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of every answer that is not a success. A 500 has {@code status} and {@code message}
 * only.
 */
@Schema(name = "Error", description = "Why a request was not done.")
@JsonPropertyOrder({"status", "name", "message", "details"})
public record ErrorResponse(
    @Schema(description = "The HTTP status, again.", examples = "404", required = true) int status,
    @Schema(description = "The kind of error; absent on 500.", examples = "ENTITY_NOT_FOUND_ERROR")
        @Nullable String name,
    @Schema(description = "The error's fixed text.", examples = "ENTITY_NOT_FOUND", required = true)
        String message,
    @Schema(description = "What was wrong, a line each; may be empty; absent on 500.")
        @Nullable List<Detail> details) {

  /** One thing that was wrong. */
  @Schema(name = "ErrorDetail", description = "One thing that was wrong.")
  public record Detail(
      @Schema(
              description = "The field, parameter or header it is about.",
              examples = "title",
              required = true)
          String field,
      @Schema(
              description = "What was wrong with it.",
              examples = "must be at most 255 characters long",
              required = true)
          String message) {}

  static ErrorResponse of(ErrorCode code, List<Detail> details) {
    return code == ErrorCode.INTERNAL
        ? new ErrorResponse(code.status(), null, code.message(), null)
        : new ErrorResponse(code.status(), code.publicName(), code.message(), details);
  }
}

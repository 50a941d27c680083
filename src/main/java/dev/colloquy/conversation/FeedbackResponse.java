package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Feedback as conversations and messages show it. */
@Schema(name = "Feedback", description = "What a user thought of a message.")
public record FeedbackResponse(
    @Schema(required = true) String id,
    @Schema(
            description = "up or down",
            enumeration = {"up", "down"},
            required = true)
        String voteType,
    @Schema(nullable = true, required = true) @JsonInclude @Nullable String question,
    @Schema(nullable = true, required = true) @JsonInclude @Nullable String answer,
    @Schema(nullable = true, required = true) @JsonInclude @Nullable String comment,
    @Nullable String userEmail,
    @Schema(required = true) Instant createdAt,
    @Schema(required = true) Instant updatedAt) {

  static FeedbackResponse of(Feedback f) {
    return new FeedbackResponse(
        f.id().toString(),
        dev.colloquy.platform.db.Wire.name(f.voteType()),
        f.question(),
        f.answer(),
        f.comment(),
        f.userEmail(),
        f.createdAt(),
        f.updatedAt());
  }
}

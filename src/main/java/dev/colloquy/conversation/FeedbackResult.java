package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Feedback as its giver gets it back, and as events tell of it. */
@Schema(name = "FeedbackResult")
public record FeedbackResult(
    @Schema(required = true) String id,
    @Schema(required = true) String conversationMessageId,
    @Schema(required = true) VoteType voteType,
    @Schema(nullable = true, required = true) @JsonInclude @Nullable String question,
    @Schema(nullable = true, required = true) @JsonInclude @Nullable String answer,
    @Schema(required = true) Instant createdAt,
    @Schema(required = true) Instant updatedAt,
    @Schema(nullable = true, required = true) @JsonInclude @Nullable String comment) {
  static FeedbackResult of(Feedback f) {
    return new FeedbackResult(
        f.id().toString(),
        f.message().toString(),
        f.voteType(),
        f.question(),
        f.answer(),
        f.createdAt(),
        f.updatedAt(),
        f.comment());
  }
}

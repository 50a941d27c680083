package dev.colloquy.event;

import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.json.JsonColumn;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A turn that ended without a reply, as its caller is told: the data of {@code turn.failed}. */
@Schema(description = "A question that gets no reply.")
public record TurnFailed(
    @Schema(description = "The question's id.", required = true) String conversationMessageId,
    @Schema(description = "Why, for programs.", examples = "MODEL_FAILED", required = true)
        String code,
    @Schema(
            description = "Why, as whoever asked is told.",
            examples = "The agent's model gave no reply.",
            required = true)
        String error,
    @Schema(
            description =
                "The questions that were merged into it and get no reply either; left out where"
                    + " there are none.")
        @Nullable List<String> mergedMessageIds) {

  /**
   * The event of a turn that failed.
   *
   * @param merged the questions that were merged into the question
   * @param text what its caller is told
   */
  public static TurnFailed of(
      MessageId question, List<MessageId> merged, ErrorCode code, String text) {
    return new TurnFailed(
        question.toString(),
        code.message(),
        text,
        merged.isEmpty() ? null : merged.stream().map(MessageId::toString).toList());
  }

  /** What a {@code jsonb} column is given. */
  public String column() {
    return JsonColumn.ofAnswer(this);
  }
}

package dev.colloquy.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.colloquy.conversation.FeedbackResponse;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.MessageDelivery;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A message as the API shows it. */
@Schema(name = "Message", description = "A message of a conversation.")
public record MessageResponse(
    @Schema(examples = "0198c2f0-4b7e-7c5a-9d61-0f6a2f1c3e10", required = true) String id,
    @Schema(description = "The text.", examples = "When do you open?", required = true)
        String message,
    @Schema(description = "What came in before quotes and signatures were cut, where it differs.")
        @Nullable String rawMessage,
    @Schema(required = true) String conversationId,
    @Schema(description = "The user, the agent, or a person in its place.", required = true)
        SenderRole senderRole,
    @Schema(
            description = "The question's id: a question's own, an answer's that it answers.",
            required = true)
        String conversationMessageId,
    @Schema(
            description =
                "Beyond the published API, in the events of a reply: the questions that were merged into"
                    + " conversationMessageId and are answered with it; left out where there are none.")
        @Nullable List<String> mergedMessageIds,
    @Schema(
            description = "What carried it.",
            enumeration = {"email", "sms", "live_chat", "copilot", "api", "voice", "ms_teams"},
            examples = "api",
            required = true)
        String source,
    @Schema(required = true) Instant createdAt,
    @Schema(description = "What users thought of it; where feedback is asked for.")
        @Nullable List<FeedbackResponse> conversationMessageFeedbacks,
    @Schema(description = "Replies of the agent only.") @Nullable AiResponse fullAIResponse,
    @Schema(description = "What came with it.") @Nullable List<MessageFileResponse> files,
    @Schema(description = "Beyond the published API: what became of it on its way out.")
        @Nullable MessageDelivery delivery,
    @Schema(required = true) @JsonProperty("isAnonymized") boolean isAnonymized) {

  /** The message as the API shows it. */
  public static MessageResponse of(Message message) {
    return of(message, null, null);
  }

  /** A reply as its event shows it, which also answers those questions. */
  public static MessageResponse of(Message message, List<MessageId> merged) {
    return of(message, merged, null, null);
  }

  static MessageResponse of(
      Message message,
      @Nullable List<FeedbackResponse> feedbacks,
      @Nullable MessageDelivery delivery) {
    return of(message, List.of(), feedbacks, delivery);
  }

  private static MessageResponse of(
      Message m,
      List<MessageId> merged,
      @Nullable List<FeedbackResponse> feedbacks,
      @Nullable MessageDelivery delivery) {
    var question = m.questionId() == null ? m.id() : m.questionId();
    return new MessageResponse(
        m.id().toString(),
        m.text(),
        m.rawText(),
        m.conversation().toString(),
        m.role(),
        question.toString(),
        merged.isEmpty() ? null : merged.stream().map(MessageId::toString).toList(),
        m.source(),
        m.createdAt(),
        feedbacks,
        m.response() == null ? null : m.response().withText(m.text()),
        m.files().isEmpty() ? null : m.files().stream().map(MessageFileResponse::of).toList(),
        delivery,
        m.isAnonymized());
  }
}

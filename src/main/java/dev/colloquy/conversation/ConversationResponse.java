package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.user.UserResponse;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A conversation as the API shows it, to clients of both generations. */
@Schema(name = "Conversation", description = "A conversation between one agent and one user.")
public record ConversationResponse(
    @Schema(examples = "0198c2f0-4b7e-7c5a-9d61-0f6a2f1c3e10", required = true) String id,
    @Schema(description = "Its user's id.", required = true) String conversationUserId,
    @Schema(description = "Made by the agent's model when it is closed, unless it has one.")
        @Nullable String title,
    @Schema(
            description = "From 0 (no real exchange) to 10; made when it is closed.",
            minimum = "0",
            maximum = "10")
        @Nullable Integer score,
    @Schema(description = "Made when it is closed.") @Nullable String summary,
    @Schema(examples = "conv_0198c2f04b7e7c5a9d610f6a2f1c3e10", required = true)
        String aiConversationId,
    @Schema(
            description = "The same as aiConversationId, for clients of the first generation.",
            required = true)
        String threadId,
    @Schema(type = SchemaType.OBJECT, description = "The customData that was given.")
        @Nullable ObjectNode metadata,
    @Schema(description = "The provider's id of the call, on voice.") @Nullable String aiCallId,
    @Schema(description = "Who answers: the agent, or a person.", required = true)
        ConversationMode mode,
    @Schema(description = "The organization's own label of it.")
        @Nullable String conversationStateId,
    @Schema(description = "Its life cycle; beyond the published API.", required = true)
        ConversationStatus status,
    @Schema(description = "What carries it; beyond the published API.", required = true)
        Channel channel,
    @Schema(required = true) UserResponse user,
    @Schema(required = true) Instant createdAt,
    @Schema(description = "When anything in it last changed.", required = true) Instant updatedAt,
    @Schema(description = "The platform user it is assigned to.")
        @Nullable AssignedUserResponse assignedUser,
    @Schema(required = true) @JsonProperty("isAnonymized") boolean isAnonymized,
    @Schema(description = "What people thought of its replies; where feedbacks are shown.")
        @Nullable List<FeedbackResponse> feedbacks) {

  /** The platform user whom a conversation is assigned to. */
  @Schema(name = "AssignedUser", description = "The platform user it is assigned to.")
  record AssignedUserResponse(
      @Schema(required = true) String id,
      @Schema(required = true) String firstName,
      @Schema(required = true) String lastName,
      @Nullable String avatarUrl,
      @Schema(required = true) String email,
      @Nullable String phoneNumber) {}

  static ConversationResponse of(Conversation c, @Nullable List<FeedbackResponse> feedbacks) {
    var thread = "conv_" + c.id().toString().replace("-", "");
    return new ConversationResponse(
        c.id().toString(),
        c.user().id().toString(),
        c.title(),
        c.score(),
        c.summary(),
        thread,
        thread,
        c.metadata(),
        c.callId(),
        c.mode(),
        c.stateId() == null ? null : c.stateId().toString(),
        c.status(),
        c.channel(),
        UserResponse.of(c.user()),
        c.createdAt(),
        c.updatedAt(),
        assigned(c.assigned()),
        c.isAnonymized(),
        feedbacks);
  }

  private static @Nullable AssignedUserResponse assigned(Conversation.@Nullable Assigned a) {
    return a == null
        ? null
        : new AssignedUserResponse(
            a.id().toString(),
            a.firstName(),
            a.lastName(),
            a.avatarUrl(),
            a.email(),
            a.phoneNumber());
  }
}

package dev.colloquy.conversation;

import dev.colloquy.platform.json.Text;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Changes to a conversation: what is left out stays as it is. */
@Schema(description = "Changes to a conversation; what is left out stays as it is.")
record UpdateConversationRequest(
    @Schema(examples = "Order 4711") @Size(max = 255) @Nullable String title,
    @Schema(description = "What the agent is told of this conversation before every reply.")
        @Size(max = 256_000)
        @Nullable String context,
    @Schema(description = "Its life cycle.") @Nullable ConversationStatus status,
    @Schema(description = "One of the organization's states.") @Nullable String conversationStateId,
    @Schema(description = "Who answers; for clients of the first generation.")
        @Nullable ConversationMode mode) {
  UpdateConversationRequest {
    title = Text.orNull(title);
    context = Text.orNull(context);
    conversationStateId = Text.orNull(conversationStateId);
  }
}

package dev.colloquy.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.platform.json.Storable;
import dev.colloquy.platform.json.Text;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A new conversation of the calling agent. */
@Schema(description = "A new conversation of the calling agent.")
record CreateConversationRequest(
    @Schema(
            description = "The user it is with.",
            examples = "0198c2f0-4b7e-7c5a-9d61-0f6a2f1c3e10",
            required = true)
        @NotBlank
        String conversationUserId,
    @Schema(description = "Left out: one is made when it is closed.", examples = "Order 4711")
        @Size(max = 255)
        @Nullable String title,
    @Schema(
            description = "What the agent is told of this conversation before every reply.",
            examples = "The order was sent on Monday.")
        @Size(max = 256_000)
        @Nullable String context,
    @Schema(type = SchemaType.OBJECT, description = "Whatever you keep with it; shown as metadata.")
        @Storable
        @Nullable ObjectNode customData,
    @Schema(description = "One of the organization's states.")
        @Nullable String conversationStateId) {
  CreateConversationRequest {
    title = Text.orNull(title);
    context = Text.orNull(context);
    conversationStateId = Text.orNull(conversationStateId);
  }
}

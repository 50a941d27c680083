package dev.colloquy.event;

import dev.colloquy.conversation.ConversationId;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A piece of a reply that is being made.
 *
 * @param offset where the piece belongs, in UTF-16 code units; it replaces all that was heard from
 *     there on, since a reply may be begun again
 */
@Schema(description = "A piece of a reply that is being made. It is in no feed but a stream.")
public record ReplyDelta(
    @Schema(description = "The message that is being answered.", required = true)
        String conversationMessageId,
    @Schema(
            description =
                "Where the piece belongs, in UTF-16 code units: it replaces what was heard from"
                    + " there on.",
            examples = "0",
            required = true)
        int offset,
    @Schema(required = true) String text) {

  /** The event that says so. */
  public PassingEvent in(ConversationId conversation) {
    return new PassingEvent("reply.delta", conversation.toString(), this);
  }
}

package dev.colloquy.conversation;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What is left of feedback that is gone: the data of {@code feedback.deleted}. */
@Schema(
    name = "FeedbackDeleted",
    description =
        "Feedback that is gone, with its giver. The events that told of it before hold no more than"
            + " this from then on.")
public record FeedbackDeleted(
    @Schema(required = true) String id, @Schema(required = true) String conversationMessageId) {}

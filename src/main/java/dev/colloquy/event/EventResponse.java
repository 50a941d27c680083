package dev.colloquy.event;

import dev.colloquy.conversation.ConversationEvents;
import dev.colloquy.conversation.ConversationResponse;
import dev.colloquy.conversation.EventType;
import dev.colloquy.conversation.FeedbackDeleted;
import dev.colloquy.conversation.FeedbackResult;
import dev.colloquy.delivery.MessageDelivery;
import dev.colloquy.message.Message;
import dev.colloquy.message.MessageResponse;
import dev.colloquy.platform.http.StreamEvent;
import dev.colloquy.platform.json.JsonColumn;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An event as feeds show it. */
@Schema(name = "Event", description = "Something that happened in a conversation.")
public record EventResponse(
    @Schema(
            description = "Its place in the feed that it was read from: resume after it.",
            examples = "17",
            required = true)
        String id,
    @Schema(
            enumeration = {
              "conversation.created",
              "conversation.updated",
              "conversation.deleted",
              "message.created",
              "mode.changed",
              "state.changed",
              "status.changed",
              "feedback.created",
              "feedback.updated",
              "feedback.deleted",
              "delivery.updated",
              "turn.failed"
            },
            required = true)
        String type,
    @Schema(required = true) String conversationId,
    @Schema(
            description = "Its number in its conversation, in every feed.",
            examples = "17",
            required = true)
        long seq,
    @Schema(required = true) Instant createdAt,
    @Schema(
            description =
                "What it says, by its type: conversation.created a Conversation,"
                    + " conversation.updated a ConversationUpdated, message.created a Message,"
                    + " mode.changed a ModeChanged, state.changed a StateChanged, status.changed a"
                    + " StatusChanged, feedback.created and feedback.updated a FeedbackResult,"
                    + " or a FeedbackDeleted once it is gone, feedback.deleted a FeedbackDeleted,"
                    + " delivery.updated a MessageDelivery, turn.failed a TurnFailed; left out for conversation.deleted.",
            anyOf = {
              MessageResponse.class,
              ConversationResponse.class,
              ConversationEvents.Updated.class,
              ConversationEvents.Mode.class,
              ConversationEvents.State.class,
              ConversationEvents.Status.class,
              FeedbackResult.class,
              FeedbackDeleted.class,
              MessageDelivery.class,
              TurnFailed.class
            })
        @Nullable Object data) {

  /** As the conversation's own feed shows it. */
  static EventResponse inConversation(FeedEvent event) {
    return of(event, String.valueOf(event.seq()));
  }

  /** As the agent's feed shows it. */
  static EventResponse ofAgent(FeedEvent event) {
    return of(event, event.cursor().text());
  }

  /** The event as a stream has it. */
  public StreamEvent inStream() {
    return new StreamEvent(id, type, JsonColumn.ofAnswer(this));
  }

  /**
   * A message that was stored just now, as its conversation's feed shows it, but for what was
   * merged into the question.
   */
  public static EventResponse of(Message message) {
    return new EventResponse(
        String.valueOf(message.seq()),
        EventType.MESSAGE_CREATED.text(),
        message.conversation().toString(),
        message.seq(),
        message.createdAt(),
        MessageResponse.of(message));
  }

  private static EventResponse of(FeedEvent event, String id) {
    return new EventResponse(
        id,
        event.type().text(),
        event.conversation().toString(),
        event.seq(),
        event.createdAt(),
        event.data());
  }
}

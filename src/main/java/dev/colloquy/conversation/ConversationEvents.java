package dev.colloquy.conversation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What events tell of a conversation as a whole. Every method runs in the transaction of the
 * change, which has the conversation's row locked.
 */
public final class ConversationEvents {
  private ConversationEvents() {}

  /** The data of {@code conversation.updated}. */
  @Schema(name = "ConversationUpdated", description = "The conversation after a change.")
  public record Updated(
      @Schema(
              description =
                  "What changed: title, context, metadata, summary, score, assignedUser, aiCallId,"
                      + " channel."
                      + " The context itself is not shown.",
              required = true)
          List<String> changed,
      @Schema(required = true) ConversationResponse conversation) {}

  /** The data of {@code mode.changed}. */
  @Schema(name = "ModeChanged", description = "Who answers from here on.")
  public record Mode(
      @Schema(required = true) ConversationMode mode,
      @Schema(description = "Raised by every change of mode.", required = true) int epoch) {}

  /** The data of {@code state.changed}. */
  @Schema(name = "StateChanged", description = "The organization's own label from here on.")
  public record State(@Schema(required = true) String conversationStateId) {}

  /** The data of {@code status.changed}. */
  @Schema(
      name = "StatusChanged",
      description = "The life cycle from here on; the next message makes it active again.")
  public record Status(@Schema(required = true) ConversationStatus status) {}

  static void created(Handle tx, Conversation conversation) {
    Events.append(
        tx,
        conversation.id(),
        EventType.CONVERSATION_CREATED,
        ConversationResponse.of(conversation, null),
        conversation.createdAt());
  }

  /** Writes what differs. */
  static void changed(Handle tx, Conversation before, Conversation after, Instant now) {
    var id = after.id();
    var fields = fields(before, after);
    if (!fields.isEmpty()) {
      var data = new Updated(fields, ConversationResponse.of(after, null));
      Events.append(tx, id, EventType.CONVERSATION_UPDATED, data, now);
    }
    var state = after.stateId();
    if (state != null && !state.equals(before.stateId())) {
      Events.append(tx, id, EventType.STATE_CHANGED, new State(state.toString()), now);
    }
    if (after.status() != before.status()) {
      Events.append(tx, id, EventType.STATUS_CHANGED, new Status(after.status()), now);
    }
  }

  private static List<String> fields(Conversation before, Conversation after) {
    var fields = new ArrayList<String>();
    note(fields, "title", before.title(), after.title());
    note(fields, "context", before.context(), after.context());
    note(fields, "metadata", before.metadata(), after.metadata());
    note(fields, "summary", before.summary(), after.summary());
    note(fields, "score", before.score(), after.score());
    note(fields, "assignedUser", before.assigned(), after.assigned());
    note(fields, "aiCallId", before.callId(), after.callId());
    note(fields, "channel", before.channel(), after.channel());
    return fields;
  }

  private static void note(
      List<String> fields, String name, @Nullable Object before, @Nullable Object after) {
    if (!Objects.equals(before, after)) {
      fields.add(name);
    }
  }
}

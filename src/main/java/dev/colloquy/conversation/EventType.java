package dev.colloquy.conversation;

import java.util.Arrays;

/** What can happen in a conversation, by the names that feeds give it. */
public enum EventType {
  CONVERSATION_CREATED("conversation.created"),
  CONVERSATION_UPDATED("conversation.updated"),
  CONVERSATION_DELETED("conversation.deleted"),
  MESSAGE_CREATED("message.created"),
  MODE_CHANGED("mode.changed"),
  STATE_CHANGED("state.changed"),
  STATUS_CHANGED("status.changed"),
  FEEDBACK_CREATED("feedback.created"),
  FEEDBACK_UPDATED("feedback.updated"),
  FEEDBACK_DELETED("feedback.deleted"),
  DELIVERY_UPDATED("delivery.updated"),
  TURN_FAILED("turn.failed");

  private final String text;

  EventType(String text) {
    this.text = text;
  }

  /** The type of that name. */
  public static EventType of(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst().orElseThrow();
  }

  /** The name: a thing and what became of it. */
  public String text() {
    return text;
  }
}

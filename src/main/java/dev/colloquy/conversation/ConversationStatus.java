package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The life cycle of a conversation: active while it is open, inactive once it was closed for
 * idleness or by hand, archived once it was put away. A new message makes it active again.
 */
public enum ConversationStatus {
  @JsonProperty("active")
  ACTIVE,
  @JsonProperty("inactive")
  INACTIVE,
  @JsonProperty("archived")
  ARCHIVED
}

package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who answers in a conversation: the agent, or a person who took over. */
public enum ConversationMode {
  @JsonProperty("manual")
  MANUAL,
  @JsonProperty("ai")
  AI
}

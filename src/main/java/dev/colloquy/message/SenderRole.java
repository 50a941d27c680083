package dev.colloquy.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who said a message: the user, the agent, or a person in the agent's place. */
public enum SenderRole {
  @JsonProperty("conversation_user")
  CONVERSATION_USER,
  @JsonProperty("assistant")
  ASSISTANT,
  @JsonProperty("manual_assistant")
  MANUAL_ASSISTANT
}

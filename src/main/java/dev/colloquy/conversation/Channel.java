package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What carries the messages of a conversation. */
public enum Channel {
  @JsonProperty("api")
  API,
  @JsonProperty("email")
  EMAIL,
  @JsonProperty("sms")
  SMS,
  @JsonProperty("voice")
  VOICE,
  @JsonProperty("live_chat")
  LIVE_CHAT
}

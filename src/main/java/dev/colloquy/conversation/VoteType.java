package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a person thought of a message. */
public enum VoteType {
  @JsonProperty("up")
  UP,
  @JsonProperty("down")
  DOWN
}

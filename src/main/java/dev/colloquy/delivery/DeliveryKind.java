package dev.colloquy.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why something leaves the building. */
public enum DeliveryKind {
  /** The agent begins. */
  @JsonProperty("start")
  START,
  /** The agent answers what a person wrote on this channel. */
  @JsonProperty("reply")
  REPLY,
  /** A person writes in the agent's place. */
  @JsonProperty("manual")
  MANUAL
}

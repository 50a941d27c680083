package dev.colloquy.agent;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The life cycle of an agent. An inactive one takes no messages; a draft answers like an active.
 */
public enum AgentStatus {
  @JsonProperty("active")
  ACTIVE,
  @JsonProperty("inactive")
  INACTIVE,
  @JsonProperty("draft")
  DRAFT
}

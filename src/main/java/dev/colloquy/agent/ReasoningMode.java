package dev.colloquy.agent;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of a provider's ways of reasoning is wanted. */
public enum ReasoningMode {
  @JsonProperty("standard")
  STANDARD,
  @JsonProperty("pro")
  PRO
}

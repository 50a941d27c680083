package dev.colloquy.agent;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How much a model that reasons shall do so, from least to most. */
public enum ReasoningEffort {
  @JsonProperty("none")
  NONE,
  @JsonProperty("minimal")
  MINIMAL,
  @JsonProperty("low")
  LOW,
  @JsonProperty("medium")
  MEDIUM,
  @JsonProperty("high")
  HIGH,
  @JsonProperty("xhigh")
  XHIGH,
  @JsonProperty("max")
  MAX
}

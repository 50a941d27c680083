package dev.colloquy.skill;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether an agent uses a skill. */
public enum SkillStatus {
  @JsonProperty("active")
  ACTIVE,
  /** Nothing goes out over the channel and nothing that comes in is answered. */
  @JsonProperty("inactive")
  INACTIVE
}

package dev.colloquy.organization;

import java.util.UUID;

/** An agent: always the AI, owned by one organization. */
public record AgentId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}

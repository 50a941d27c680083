package dev.colloquy.knowledge;

import java.util.UUID;

/** A document that an agent can look up. */
public record DocumentId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}

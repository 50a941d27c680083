package dev.colloquy.organization;

import java.util.UUID;

/** A platform user: a person of the organization who works in the inbox. */
public record PlatformUserId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}

package dev.colloquy.organization;

import java.util.UUID;

/** An organization: the owner of agents, users and platform users. */
public record OrganizationId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}

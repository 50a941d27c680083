package dev.colloquy.apikey;

import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;

/** Whom a key speaks for. */
public sealed interface KeyOwner {

  /** The kind of key that speaks for this owner. */
  KeyKind kind();

  /** One agent of an organization. */
  record OfAgent(AgentId agent, OrganizationId organization) implements KeyOwner {
    @Override
    public KeyKind kind() {
      return KeyKind.AGENT;
    }
  }

  /** An organization: all its agents. */
  record OfOrganization(OrganizationId organization) implements KeyOwner {
    @Override
    public KeyKind kind() {
      return KeyKind.ORGANIZATION;
    }
  }

  /** The installation. */
  record OfInstallation() implements KeyOwner {
    @Override
    public KeyKind kind() {
      return KeyKind.SUPER_ADMIN;
    }
  }
}

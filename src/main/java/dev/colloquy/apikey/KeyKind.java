package dev.colloquy.apikey;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The three scopes of keys, each with the one header that carries it. */
public enum KeyKind {
  @JsonProperty("agent")
  AGENT(KeyKind.AGENT_HEADER, "cq_agent_"),
  @JsonProperty("organization")
  ORGANIZATION(KeyKind.ORGANIZATION_HEADER, "cq_org_"),
  @JsonProperty("super_admin")
  SUPER_ADMIN(KeyKind.SUPER_ADMIN_HEADER, "cq_admin_");

  /** The header of agent keys. */
  public static final String AGENT_HEADER = "Agent-Secret-Key";

  /** The header of organization keys. */
  public static final String ORGANIZATION_HEADER = "Organization-Secret-Key";

  /** The header of super-admin keys. */
  public static final String SUPER_ADMIN_HEADER = "Super-Admin-Secret-Key";

  private final String header;
  private final String prefix;

  KeyKind(String header, String prefix) {
    this.header = header;
    this.prefix = prefix;
  }

  /** The header that carries keys of this kind. */
  public String header() {
    return header;
  }

  /** What keys of this kind begin with, where we made them. */
  String prefix() {
    return prefix;
  }
}

package dev.colloquy.organization;

import dev.colloquy.platform.db.Ids;
import java.util.UUID;

/** An agent: always the AI, owned by one organization. */
public record AgentId(UUID value) {

  /** The id in a path; any text that is no UUID is answered with 404. */
  public static AgentId fromString(String text) {
    return new AgentId(Ids.inPath(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

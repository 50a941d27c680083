package dev.colloquy.organization;

import dev.colloquy.platform.db.Ids;
import java.util.UUID;

/** An organization: the owner of agents, users and platform users. */
public record OrganizationId(UUID value) {

  /** The id in a path; any text that is no UUID is answered with 404. */
  public static OrganizationId fromString(String text) {
    return new OrganizationId(Ids.inPath(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

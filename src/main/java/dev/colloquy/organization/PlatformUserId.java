package dev.colloquy.organization;

import dev.colloquy.platform.db.Ids;
import java.util.UUID;

/** A platform user: a person of the organization who works in the inbox. */
public record PlatformUserId(UUID value) {

  /** The id in a path; any text that is no UUID is answered with 404. */
  public static PlatformUserId fromString(String text) {
    return new PlatformUserId(Ids.inPath(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

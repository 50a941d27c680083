package dev.colloquy.user;

import dev.colloquy.platform.db.Ids;
import java.util.UUID;

/** A conversation user: a person whom an organization's agents serve. */
public record UserId(UUID value) {

  /** The id in a path; any text that is no UUID is answered with 404. */
  public static UserId fromString(String text) {
    return new UserId(Ids.inPath(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

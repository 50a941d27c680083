package dev.colloquy.apikey;

import dev.colloquy.platform.db.Ids;
import java.util.UUID;

/** An API key's id, which is no secret. */
public record KeyId(UUID value) {

  /** The id in a path; any text that is no UUID is answered with 404. */
  public static KeyId fromString(String text) {
    return new KeyId(Ids.inPath(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

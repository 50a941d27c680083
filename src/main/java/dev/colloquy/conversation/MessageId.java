package dev.colloquy.conversation;

import dev.colloquy.platform.db.Ids;
import java.util.UUID;

/** A message of a conversation. */
public record MessageId(UUID value) {

  /** The id in a path; any text that is no UUID is answered with 404. */
  public static MessageId fromString(String text) {
    return new MessageId(Ids.inPath(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

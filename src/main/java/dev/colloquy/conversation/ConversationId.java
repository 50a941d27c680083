package dev.colloquy.conversation;

import dev.colloquy.platform.db.Ids;
import java.util.UUID;

/** A conversation between one agent and one user. */
public record ConversationId(UUID value) {

  /** The id in a path; any text that is no UUID is answered with 404. */
  public static ConversationId fromString(String text) {
    return new ConversationId(Ids.inPath(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

package dev.colloquy.message;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** What a person says, stored as the API stores it, for tests of other packages. */
public final class ManualMessages {
  private ManualMessages() {}

  /** Whether a person has the conversation; then it is stored, in the caller's transaction. */
  public static boolean append(Handle tx, KeyOwner.OfAgent agent, ConversationId id, String text) {
    if (Conversations.requireLocked(tx, agent, id).mode() != ConversationMode.MANUAL) {
      return false;
    }
    Messages.append(
        tx,
        new Message(
            id,
            0,
            new MessageId(Ids.next()),
            Messages.newestQuestion(tx, id).orElse(null),
            SenderRole.MANUAL_ASSISTANT,
            "api",
            text,
            null,
            null,
            java.util.List.of(),
            false,
            Rows.now(Clock.systemUTC())),
        null);
    return true;
  }
}

package dev.colloquy.conversation;

import dev.colloquy.platform.db.Rows;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** Changes of the mode as the API makes them, for tests of other packages. */
public final class TakeOvers {
  private TakeOvers() {}

  /** Changes who answers, and says so in the feed; in the caller's transaction. */
  public static void change(Handle tx, ConversationId conversation, ConversationMode mode) {
    var now = Rows.now(Clock.systemUTC());
    ConversationRepository.changeMode(tx, conversation, mode, now)
        .ifPresent(epoch ->
            Events.append(
                tx,
                conversation,
                EventType.MODE_CHANGED,
                new ConversationEvents.Mode(mode, epoch),
                now));
  }
}

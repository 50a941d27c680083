package dev.colloquy.event;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Database;
import jakarta.inject.Singleton;

/** Makes followers of feeds, for callers who may see them. */
@Singleton
final class Followers {
  private final Database database;
  private final Watches watches;

  Followers(Database database, Watches watches) {
    this.database = database;
    this.watches = watches;
  }

  /** Follows the caller's conversation; its pages are 404 where the caller has none such. */
  Follower<Watches.InConversation> ofConversation(
      KeyOwner.OfAgent caller,
      ConversationId conversation,
      long after,
      int limit,
      Waiting waiting) {
    return new Follower<>(
        watches.watch(new Watches.InConversation(conversation, after), waiting),
        place ->
            new Follower.Found(
                database.read(
                    tx -> Feed.ofConversation(tx, caller, conversation, place.seq(), limit)),
                false),
        event -> new Watches.InConversation(conversation, event.seq()),
        watches::isStopped);
  }

  /** Follows all that happens in the caller's conversations. */
  Follower<Watches.OfAgent> ofAgent(
      KeyOwner.OfAgent caller, FeedCursor after, int limit, Waiting waiting) {
    return new Follower<>(
        watches.watch(new Watches.OfAgent(caller, after), waiting),
        place ->
            database.read(tx -> {
              var events = Feed.ofAgent(tx, caller, place.cursor(), limit);
              // Looked at after the page: what could be read meanwhile counts too.
              return new Follower.Found(
                  events, events.isEmpty() && Feed.hasMore(tx, caller, place.cursor()));
            }),
        event -> new Watches.OfAgent(caller, event.cursor()),
        watches::isStopped);
  }

  /** Whether the server stops, so that nobody may wait any more. */
  boolean isStopped() {
    return watches.isStopped();
  }
}

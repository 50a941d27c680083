package dev.colloquy.event;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.EventBody;
import dev.colloquy.platform.http.EventStream;
import dev.colloquy.platform.http.StreamEvent;
import dev.colloquy.platform.json.JsonColumn;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Function;

/**
 * Feeds as streams of events, each with its place as its id. A stream ends after an hour, so that a
 * key that was revoked reads no longer than that; readers come back by themselves.
 */
@Singleton
final class FeedStreams {
  private static final int PAGE = 100;
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Database database;
  private final Followers followers;

  FeedStreams(Database database, Followers followers) {
    this.database = database;
    this.followers = followers;
  }

  /** The feed of the caller's conversation, or 404; its deletion is the last event. */
  EventBody ofConversation(KeyOwner.OfAgent caller, ConversationId conversation, long after) {
    // Before the status is out.
    var _ = database.read(tx -> Conversations.require(tx, caller, conversation));
    return new EventBody(stream -> {
      try (var feed =
          followers.ofConversation(caller, conversation, after, PAGE, new StreamWaiting(stream))) {
        send(stream, feed, EventResponse::inConversation);
      } catch (ApiException e) {
        database
            .read(tx -> Feed.deleted(tx, caller, conversation))
            .ifPresent(event -> send(stream, EventResponse.inConversation(event)));
      }
    });
  }

  /** The feed of all the caller's conversations. */
  EventBody ofAgent(KeyOwner.OfAgent caller, FeedCursor after) {
    return new EventBody(stream -> {
      try (var feed = followers.ofAgent(caller, after, PAGE, new StreamWaiting(stream))) {
        send(stream, feed, EventResponse::ofAgent);
      }
    });
  }

  private void send(
      EventStream stream, Follower<?> feed, Function<FeedEvent, EventResponse> shown) {
    var deadline = System.nanoTime() + LONGEST.toNanos();
    try {
      while (System.nanoTime() < deadline && !followers.isStopped()) {
        for (var event : feed.next(Duration.ofNanos(deadline - System.nanoTime()))) {
          send(stream, shown.apply(event));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(EventStream stream, EventResponse event) {
    stream.send(new StreamEvent(event.id(), event.type(), JsonColumn.ofAnswer(event)));
  }
}

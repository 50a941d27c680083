package dev.colloquy.event;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.MessageResponse;
import dev.colloquy.message.SenderRole;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.EventBody;
import dev.colloquy.platform.http.EventStream;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

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
  private final Drafts drafts;

  FeedStreams(Database database, Followers followers, Drafts drafts) {
    this.database = database;
    this.followers = followers;
    this.drafts = drafts;
  }

  /**
   * The feed of the caller's conversation, or 404, and its replies while they are made; its
   * deletion is the last event.
   */
  EventBody ofConversation(KeyOwner.OfAgent caller, ConversationId conversation, long after) {
    // Before the status is out.
    var _ = database.read(tx -> Conversations.require(tx, caller, conversation));
    return new EventBody(stream -> {
      try (var feed =
              followers.ofConversation(
                  caller, conversation, after, PAGE, new StreamWaiting(stream));
          var reply = drafts.follow(conversation, stream::wake)) {
        Consumer<FeedEvent> send =
            event -> {
              send(stream, EventResponse.inConversation(event));
              answered(event).ifPresent(reply::answered);
            };
        send(
            feed,
            send,
            () -> reply.next().ifPresent(delta -> stream.send(delta.in(conversation).inStream())));
      } catch (ApiException e) {
        database
            .read(tx -> Feed.deleted(tx, caller, conversation))
            .ifPresent(event -> send(stream, EventResponse.inConversation(event)));
      }
    });
  }

  /** The question that the event answers, if it is the agent's reply. */
  private static Optional<MessageId> answered(FeedEvent event) {
    return event.data() instanceof MessageResponse message
            && message.senderRole() == SenderRole.ASSISTANT
        ? Optional.of(MessageId.fromString(message.conversationMessageId()))
        : Optional.empty();
  }

  /** The feed of all the caller's conversations. */
  EventBody ofAgent(KeyOwner.OfAgent caller, FeedCursor after) {
    return new EventBody(stream -> {
      try (var feed = followers.ofAgent(caller, after, PAGE, new StreamWaiting(stream))) {
        send(feed, event -> send(stream, EventResponse.ofAgent(event)), () -> {});
      }
    });
  }

  private void send(Follower<?> feed, Consumer<FeedEvent> send, Runnable meanwhile) {
    var deadline = System.nanoTime() + LONGEST.toNanos();
    try {
      while (System.nanoTime() < deadline && !followers.isStopped()) {
        feed.next(Duration.ofNanos(deadline - System.nanoTime()), meanwhile).forEach(send);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(EventStream stream, EventResponse event) {
    stream.send(event.inStream());
  }
}

package dev.colloquy.conversation;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.user.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The one door to an agent's conversations (invariant 8): what is not the caller's is not found.
 * Every method runs in the caller's transaction.
 */
public final class Conversations {
  private Conversations() {}

  /** The caller's conversation of that id, or 404. */
  public static Conversation require(Handle tx, KeyOwner.OfAgent caller, ConversationId id) {
    return ConversationRepository.find(tx, caller, id).orElseThrow(ApiException::notFound);
  }

  /** The caller's conversation of that id, if it has one. */
  public static Optional<Conversation> find(Handle tx, KeyOwner.OfAgent caller, ConversationId id) {
    return ConversationRepository.find(tx, caller, id);
  }

  /**
   * As {@link #require}; until the transaction ends nobody else changes mode, turns or messages.
   */
  public static Conversation requireLocked(Handle tx, KeyOwner.OfAgent caller, ConversationId id) {
    ConversationRepository.lock(tx, id);
    return require(tx, caller, id);
  }

  /** Until the transaction ends nobody else changes its mode, turns, messages or events. */
  public static void lock(Handle tx, ConversationId id) {
    ConversationRepository.lock(tx, id);
  }

  /**
   * The user's open conversation with the agent on one of the channels, the one that was written in
   * last, locked.
   */
  public static Optional<ConversationId> findOpen(
      Handle tx, KeyOwner.OfAgent caller, UserId user, Set<Channel> channels) {
    return ConversationRepository.findOpen(tx, caller, user, channels);
  }

  /** Moves the conversation to the channel that its user wrote on last. */
  public static void move(
      Handle tx, KeyOwner.OfAgent caller, ConversationId id, Channel channel, Instant now) {
    var before = requireLocked(tx, caller, id);
    if (before.channel() != channel) {
      ConversationRepository.move(tx, id, channel);
      ConversationEvents.changed(tx, before, require(tx, caller, id), now);
    }
  }

  /** Archives the user's open conversations with the caller on the channel. */
  public static void archiveOpen(
      Handle tx, KeyOwner.OfAgent caller, UserId user, Channel channel, Instant now) {
    ConversationRepository.archiveOpen(tx, caller, user, channel, now);
  }

  /** Opens a conversation whose parts were checked by their own {@code require} methods. */
  public static Conversation open(
      Handle tx, KeyOwner.OfAgent caller, NewConversation conversation) {
    ConversationRepository.insert(tx, caller, conversation);
    var opened = require(tx, caller, conversation.id());
    ConversationEvents.created(tx, opened);
    return opened;
  }

  /** Changes the caller's conversation, or 404; the events of it are written with it. */
  public static Conversation update(
      Handle tx,
      KeyOwner.OfAgent caller,
      ConversationId id,
      ConversationChange change,
      Instant now) {
    var before = requireLocked(tx, caller, id);
    ConversationRepository.update(tx, id, change, now);
    var after = require(tx, caller, id);
    ConversationEvents.changed(tx, before, after, now);
    return after;
  }

  /**
   * Stores what the server itself says of a conversation, if it is still there; a title that
   * somebody gave it stays.
   */
  public static void describe(
      Handle tx,
      ConversationId id,
      @Nullable String title,
      @Nullable String summary,
      int score,
      Instant now) {
    ConversationRepository.lock(tx, id);
    var before = ConversationRepository.findAny(tx, id);
    if (before.isPresent()) {
      ConversationRepository.describe(tx, id, title, summary, score, now);
      var after = ConversationRepository.findAny(tx, id).orElseThrow();
      ConversationEvents.changed(tx, before.get(), after, now);
    }
  }

  /** Notes the call that carries the conversation, by its provider's id. */
  public static void setCall(
      Handle tx, KeyOwner.OfAgent caller, ConversationId id, String callId, Instant now) {
    var before = requireLocked(tx, caller, id);
    ConversationRepository.setCall(tx, id, callId);
    ConversationEvents.changed(tx, before, require(tx, caller, id), now);
  }

  /** The state of the caller's organization that a body names; null for none, 404 for another. */
  public static @Nullable UUID requireState(
      Handle tx, KeyOwner.OfAgent caller, @Nullable String state) {
    if (state == null) {
      return null;
    }
    return Ids.parse(state)
        .filter(id -> StateRepository.hasState(tx, caller, id))
        .orElseThrow(ApiException::notFound);
  }

  /** The platform user of the caller's organization that a body names; likewise. */
  public static @Nullable UUID requirePlatformUser(
      Handle tx, KeyOwner.OfAgent caller, @Nullable String user) {
    if (user == null) {
      return null;
    }
    return Ids.parse(user)
        .filter(id -> ConversationRepository.hasPlatformUser(tx, caller, id))
        .orElseThrow(ApiException::notFound);
  }
}

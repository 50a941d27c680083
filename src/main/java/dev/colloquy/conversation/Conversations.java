package dev.colloquy.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.user.UserId;
import java.time.Instant;
import java.util.Optional;
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

  /**
   * As {@link #require}; until the transaction ends nobody else changes mode, turns or messages.
   */
  public static Conversation requireLocked(Handle tx, KeyOwner.OfAgent caller, ConversationId id) {
    ConversationRepository.lock(tx, id);
    return require(tx, caller, id);
  }

  /** Archives the user's open conversations with the caller on the channel. */
  public static void archiveOpen(
      Handle tx, KeyOwner.OfAgent caller, UserId user, Channel channel, Instant now) {
    ConversationRepository.archiveOpen(tx, caller, user, channel, now);
  }

  /** Opens a conversation whose parts were checked by their own {@code require} methods. */
  public static void open(Handle tx, KeyOwner.OfAgent caller, NewConversation conversation) {
    ConversationRepository.insert(tx, caller, conversation);
  }

  /** The user's newest open conversation with the caller on the channel, locked. */
  public static Optional<ConversationId> findOpen(
      Handle tx, KeyOwner.OfAgent caller, UserId user, Channel channel) {
    return ConversationRepository.findOpen(tx, caller, user, channel);
  }

  /** Changes what is given of a conversation that was required before; leaves what is null. */
  public static void update(
      Handle tx,
      ConversationId id,
      @Nullable String title,
      @Nullable String context,
      @Nullable UUID state,
      @Nullable UUID assigned,
      @Nullable ConversationStatus status,
      Instant now) {
    ConversationRepository.update(tx, id, title, context, state, assigned, status, now);
  }

  /** Replaces what the organization keeps with the conversation. */
  public static void setMetadata(Handle tx, ConversationId id, ObjectNode metadata) {
    ConversationRepository.setMetadata(tx, id, metadata);
  }

  /** Notes the call that carries the conversation, by its provider's id. */
  public static void setCall(Handle tx, ConversationId id, String callId) {
    ConversationRepository.setCall(tx, id, callId);
  }

  /** The state of the caller's organization that a body names; null for none, 404 for another. */
  public static @Nullable UUID requireState(
      Handle tx, KeyOwner.OfAgent caller, @Nullable String state) {
    if (state == null) {
      return null;
    }
    return Ids.parse(state)
        .filter(id -> ConversationRepository.hasState(tx, caller, id))
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

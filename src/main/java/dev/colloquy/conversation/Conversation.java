package dev.colloquy.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.organization.PlatformUserId;
import dev.colloquy.user.User;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as it is stored, with its user.
 *
 * @param score from 0 (no real exchange) to 10, made when it is closed
 * @param context what the agent is told of this conversation
 * @param metadata whatever the organization keeps with it
 * @param callId the provider's id of the call, on voice
 * @param assigned the platform user it is assigned to
 */
public record Conversation(
    ConversationId id,
    User user,
    Channel channel,
    @Nullable String title,
    @Nullable String summary,
    @Nullable Integer score,
    @Nullable String context,
    @Nullable ObjectNode metadata,
    @Nullable UUID stateId,
    @Nullable String callId,
    @Nullable Assigned assigned,
    boolean isAnonymized,
    ConversationMode mode,
    ConversationStatus status,
    Instant createdAt,
    Instant updatedAt) {

  /** The platform user whom a conversation is assigned to. */
  public record Assigned(
      PlatformUserId id,
      String firstName,
      String lastName,
      @Nullable String avatarUrl,
      String email,
      @Nullable String phoneNumber) {}
}

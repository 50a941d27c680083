package dev.colloquy.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.user.UserId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that is to be opened.
 *
 * @param state one of the organization's states, already checked
 * @param assigned one of the organization's platform users, already checked
 */
public record NewConversation(
    ConversationId id,
    UserId user,
    Channel channel,
    @Nullable String title,
    @Nullable String context,
    @Nullable ObjectNode metadata,
    @Nullable UUID state,
    @Nullable UUID assigned,
    Instant createdAt) {}

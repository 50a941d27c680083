package dev.colloquy.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a conversation; null leaves it as it is.
 *
 * @param state one of the organization's states, already checked
 * @param assigned one of the organization's platform users, already checked
 */
public record ConversationChange(
    @Nullable String title,
    @Nullable String context,
    @Nullable ObjectNode metadata,
    @Nullable UUID state,
    @Nullable UUID assigned,
    @Nullable ConversationStatus status) {}

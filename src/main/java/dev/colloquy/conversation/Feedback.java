package dev.colloquy.conversation;

import dev.colloquy.user.UserId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one user thought of one message.
 *
 * @param userEmail the user's e-mail, where it has one
 */
record Feedback(
    UUID id,
    ConversationId conversation,
    MessageId message,
    UserId user,
    @Nullable String userEmail,
    VoteType voteType,
    @Nullable String question,
    @Nullable String answer,
    @Nullable String comment,
    Instant createdAt,
    Instant updatedAt) {}

package dev.colloquy.conversation;

import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.http.SortDirection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which of an agent's conversations are asked for, and in what order.
 *
 * @param keyword found in the title, the summary, the agent's name or the user's names, e-mail or
 *     phone number, without regard to case
 * @param from the earliest {@code updatedAt}
 * @param until the latest {@code updatedAt}
 */
record ConversationQuery(
    PageRequest page,
    ConversationOrder order,
    SortDirection direction,
    @Nullable String keyword,
    @Nullable UUID user,
    @Nullable Instant from,
    @Nullable Instant until,
    boolean withFeedbacksOnly) {}

package dev.colloquy.delivery;

import dev.colloquy.conversation.Channel;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of a message on its way out, as the API shows it. */
@Schema(
    name = "MessageDelivery",
    description = "Beyond the published API: what became of a message on its way out.")
public record MessageDelivery(
    @Schema(required = true) String id,
    @Schema(description = "The message.", required = true) String messageId,
    @Schema(required = true) Channel channel,
    @Schema(required = true) DeliveryStatus status,
    @Schema(description = "Who carries it; left out where it was captured.", examples = "twilio")
        @Nullable String provider,
    @Schema(description = "The provider's id of it.") @Nullable String externalId,
    @Schema(description = "Why it failed or waits, or is not known.", examples = "opted_out")
        @Nullable String reason,
    @Schema(description = "How often it was tried.", required = true) int attempts,
    @Schema(description = "When it is tried next.") @Nullable Instant nextAttemptAt,
    @Schema(required = true) Instant updatedAt) {}

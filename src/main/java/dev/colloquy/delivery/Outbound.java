package dev.colloquy.delivery;

import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to leave the building.
 *
 * @param message the message that causes it
 * @param channel e-mail, SMS or voice
 * @param recipient an e-mail address, or a phone number
 * @param subject of an e-mail; null on the other channels
 * @param body what is written, or what a call opens with
 */
public record Outbound(
    DeliveryId id,
    ConversationId conversation,
    MessageId message,
    Channel channel,
    String recipient,
    @Nullable String subject,
    String body,
    Instant createdAt) {}

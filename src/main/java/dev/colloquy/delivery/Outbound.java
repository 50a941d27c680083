package dev.colloquy.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * @param sender the address or number to write from; null: the agent's own
 * @param subject of an e-mail; null on the other channels
 * @param body what is written, or what a call opens with
 * @param details what the channel needs beside; null for nothing
 */
public record Outbound(
    DeliveryId id,
    ConversationId conversation,
    MessageId message,
    DeliveryKind kind,
    Channel channel,
    String recipient,
    @Nullable String sender,
    @Nullable String subject,
    String body,
    @Nullable ObjectNode details,
    Instant createdAt) {}

package dev.colloquy.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that is about to be sent.
 *
 * @param id the same at every attempt, so that receivers and providers can drop repeats
 * @param sender the address or number to write from; null where the agent has none
 * @param provider who carries it, by name
 * @param attempts how often it was tried, this attempt included
 * @param createdAt when its message was written
 */
public record Outgoing(
    DeliveryId id,
    KeyOwner.OfAgent agent,
    ConversationId conversation,
    MessageId message,
    DeliveryKind kind,
    Channel channel,
    String recipient,
    @Nullable String sender,
    @Nullable String subject,
    String body,
    @Nullable ObjectNode details,
    String provider,
    int attempts,
    Instant createdAt) {

  /** The same, at its next attempt. */
  public Outgoing nextAttempt() {
    return new Outgoing(
        id,
        agent,
        conversation,
        message,
        kind,
        channel,
        recipient,
        sender,
        subject,
        body,
        details,
        provider,
        attempts + 1,
        createdAt);
  }
}

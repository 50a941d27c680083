package dev.colloquy.channel.voice;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.DeliveryId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call as it is stored.
 *
 * @param provider who carries it, by the name of a delivery's provider
 * @param externalId the provider's id of it; null until that is known
 * @param caller the number that calls; null where it is withheld
 * @param callee the number that is called
 * @param delivery what it carries out; null for a call that came in
 * @param attempt at which of the delivery's attempts
 * @param opening the message that it opens with; null where the agent says nothing first
 */
record Call(
    UUID id,
    KeyOwner.OfAgent agent,
    ConversationId conversation,
    String provider,
    @Nullable String externalId,
    Direction direction,
    @Nullable String caller,
    @Nullable String callee,
    @Nullable DeliveryId delivery,
    int attempt,
    @Nullable MessageId opening,
    Status status,
    Instant createdAt) {
  static final String VAPI = "vapi";
  static final String TWILIO = "twilio-voice";

  /** Who calls whom: inbound calls are the user's. */
  enum Direction {
    INBOUND,
    OUTBOUND
  }

  /** How far it has come. A call that failed never reached anybody. */
  enum Status {
    QUEUED,
    RINGING,
    IN_PROGRESS,
    ENDED,
    FAILED
  }

  boolean isOver() {
    return status == Status.ENDED || status == Status.FAILED;
  }
}

package dev.colloquy.channel;

import dev.colloquy.delivery.Outgoing;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Somebody who carries what leaves the building: a mail server, an SMS gateway, a telephone
 * service. Safe for many threads.
 */
public interface ChannelProvider {
  /** The name that deliveries know it by, for example {@code twilio}. */
  String name();

  /**
   * Whether a delivery that is sent twice arrives once, because it has an id that the receiver or
   * the provider drops repeats by. Only then is an attempt whose end is not known made again
   * (invariant 6).
   */
  boolean dropsRepeats();

  /**
   * Until when the delivery has to wait, for example for the end of the night at its recipient's.
   * Runs in the transaction that begins an attempt.
   */
  default Optional<Instant> notBefore(Handle tx, Outgoing outgoing, Instant now) {
    return Optional.empty();
  }

  /**
   * Hands the delivery over. Called outside of transactions (invariant 5); bounded in time by the
   * provider's own limits.
   */
  SendResult send(Outgoing outgoing) throws InterruptedException;

  /** Does what belongs to a delivery that was accepted, in the transaction that notes it. */
  default void accepted(Handle tx, Outgoing outgoing, String externalId, Instant now) {
    // Most channels have nothing more to note.
  }
}

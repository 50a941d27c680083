package dev.colloquy.message;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outbound;
import dev.colloquy.delivery.Outbox;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Wire;
import jakarta.inject.Singleton;
import java.util.Collection;
import org.jdbi.v3.core.Handle;

/** Sends replies back over the channels that their questions came in on. */
@Singleton
public final class ReplyDeliveries {
  private final Outbox outbox;

  ReplyDeliveries(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Whether a reply to the question leaves the building; others are read, or spoken. */
  public static boolean isSent(Message question) {
    return question.source().equals(Wire.name(Channel.EMAIL))
        || question.source().equals(Wire.name(Channel.SMS));
  }

  /**
   * Writes the deliveries of a reply, in the transaction that stores the reply: one for each
   * channel over which a question came that it answers, to where the newest of them came from.
   */
  public void write(
      Handle tx, KeyOwner.OfAgent agent, Collection<MessageId> questions, Message reply) {
    for (var to : MessageOrigins.newestOfEach(tx, reply.conversation(), questions)) {
      var from = to.origin();
      outbox.write(
          tx,
          agent,
          new Outbound(
              new DeliveryId(Ids.next()),
              reply.conversation(),
              reply.id(),
              DeliveryKind.REPLY,
              to.channel(),
              from.sender(),
              from.recipient(),
              from.detail("subject").map(Subjects::reply).orElse(null),
              reply.text(),
              null,
              reply.createdAt()));
    }
  }
}

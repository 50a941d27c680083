package dev.colloquy.message;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outbound;
import dev.colloquy.delivery.Outbox;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Wire;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/** Sends replies back over the channel that their question came in on. */
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

  /** Writes the delivery of a reply, in the transaction that stores the reply. */
  public void write(Handle tx, KeyOwner.OfAgent agent, Message question, Message reply) {
    var origin = MessageOrigins.find(tx, question.conversation(), question.id());
    origin.ifPresent(from ->
        outbox.write(
            tx,
            agent,
            new Outbound(
                new DeliveryId(Ids.next()),
                question.conversation(),
                reply.id(),
                DeliveryKind.REPLY,
                Wire.value(Channel.class, question.source()),
                from.sender(),
                from.recipient(),
                from.detail("subject").map(Subjects::reply).orElse(null),
                reply.text(),
                null,
                reply.createdAt())));
  }
}

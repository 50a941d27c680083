package dev.colloquy.channel.email;

import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.platform.db.Ids;
import java.util.Optional;

/**
 * The Message-IDs of our own mails (RFC 5322, section 3.6.4): a delivery's id and the sender's
 * domain. The same at every attempt, so that receivers can drop repeats.
 */
public final class MessageIds {
  private MessageIds() {}

  /**
   * The Message-ID of a delivery, with its angle brackets.
   *
   * @param sender the address that it is written from
   */
  public static String of(DeliveryId delivery, String sender) {
    return "<" + delivery + "@" + sender.substring(sender.lastIndexOf('@') + 1) + ">";
  }

  /** The delivery that a Message-ID may be that of, whether it is known is to be looked up. */
  public static Optional<DeliveryId> delivery(String messageId) {
    var text = messageId.strip();
    var at = text.indexOf('@');
    return text.startsWith("<") && at > 0
        ? Ids.parse(text.substring(1, at)).map(DeliveryId::new)
        : Optional.empty();
  }
}

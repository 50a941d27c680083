package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.channel.InboundEvent;
import dev.colloquy.consent.ConsentAction;
import dev.colloquy.consent.ConsentEntry;
import dev.colloquy.consent.Consents;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.delivery.Deliveries;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryStatus;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Notes what mail servers report of our mails. Whoever reports proves nothing: only a delivery that
 * is known, and was sent to the very address that is reported, is changed, so that nobody can block
 * an address that was never written to.
 */
@Singleton
final class Bounces {
  private final MailThreads threads;
  private final Database database;
  private final EventSignals signals;
  private final Clock clock;

  Bounces(MailThreads threads, Database database, EventSignals signals, Clock clock) {
    this.threads = threads;
    this.database = database;
    this.signals = signals;
    this.clock = clock;
  }

  /**
   * What was made of a report.
   *
   * @param outcome {@code bounced}, {@code bounce_transient} or {@code delivery_confirmed}
   */
  record Noted(String outcome, ConversationId conversation) {}

  /**
   * Notes the report, in the caller's transaction.
   *
   * @param agent whose mail it is about; null where that is not known
   * @return nothing where it is about no mail of ours
   */
  Optional<Noted> note(
      Handle tx,
      InboundEvent event,
      KeyOwner.@Nullable OfAgent agent,
      Mail mail,
      BounceReport report) {
    Noted noted = null;
    for (var outgoing : deliveries(tx, agent, mail, report)) {
      var address = outgoing.recipient().toLowerCase(Locale.ROOT);
      for (var recipient : report.recipients()) {
        if (recipient.addresses().contains(address)) {
          noted = new Noted(note(tx, event, outgoing, recipient), outgoing.conversation());
        }
      }
    }
    return Optional.ofNullable(noted);
  }

  private String note(
      Handle tx, InboundEvent event, Outgoing outgoing, BounceReport.Recipient recipient) {
    return switch (recipient.action()) {
      case DELAYED -> "bounce_transient";
      case DELIVERED -> {
        change(tx, outgoing, DeliveryStatus.DELIVERED, null);
        yield "delivery_confirmed";
      }
      case FAILED -> {
        var changed = change(tx, outgoing, DeliveryStatus.FAILED, "bounced_" + recipient.status());
        // A mailbox that was full for days is not one that is gone.
        if (recipient.status().startsWith("5") && (changed || wasDelivered(tx, outgoing))) {
          block(tx, event, outgoing, recipient.status());
        }
        yield "bounced";
      }
    };
  }

  private boolean change(Handle tx, Outgoing outgoing, DeliveryStatus to, @Nullable String reason) {
    var changed =
        Deliveries.change(
            tx, outgoing.id(), new Deliveries.Change(to, null, reason, Rows.now(clock)));
    if (changed.isPresent()) {
      database.afterCommit(
          () -> signals.changed(outgoing.agent().agent(), outgoing.conversation()));
    }
    return changed.isPresent();
  }

  /** Some servers report that they took it before they find out that they cannot. */
  private static boolean wasDelivered(Handle tx, Outgoing outgoing) {
    return tx.createQuery(
            "select exists (select from delivery where id = :id and status = 'delivered')")
        .bind("id", outgoing.id().value())
        .mapTo(Boolean.class)
        .one();
  }

  private void block(Handle tx, InboundEvent event, Outgoing outgoing, String status) {
    var organization = outgoing.agent().organization();
    if (Consents.block(tx, organization, Channel.EMAIL, outgoing.recipient()).isEmpty()) {
      Consents.add(
          tx,
          new ConsentEntry(
              organization,
              outgoing.agent().agent(),
              Channel.EMAIL,
              outgoing.recipient(),
              ConsentAction.BOUNCE,
              status,
              event.id(),
              Rows.now(clock)));
    }
  }

  /** By the Message-ID of the returned mail, else by the address that the report came to. */
  private List<Outgoing> deliveries(
      Handle tx, KeyOwner.@Nullable OfAgent agent, Mail mail, BounceReport report) {
    Map<DeliveryId, Outgoing> found = new LinkedHashMap<>();
    for (var messageId : report.messageIds()) {
      MessageIds.delivery(messageId)
          .flatMap(id -> threads.delivery(tx, agent, id))
          .ifPresent(outgoing -> found.put(outgoing.id(), outgoing));
    }
    if (found.isEmpty()) {
      for (var recipient : report.recipients()) {
        for (var address : recipient.addresses()) {
          threads
              .named(mail)
              .flatMap(conversation -> newest(tx, conversation, address))
              .flatMap(id -> threads.delivery(tx, agent, id))
              .ifPresent(outgoing -> found.put(outgoing.id(), outgoing));
        }
      }
    }
    return List.copyOf(found.values());
  }

  private static Optional<DeliveryId> newest(
      Handle tx, ConversationId conversation, String address) {
    var sql =
        """
        select id
        from delivery
        where conversation_id = :conversation and channel = 'email' and lower(recipient) = :address
        order by id desc
        limit 1
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("address", address)
        .mapTo(UUID.class)
        .findOne()
        .map(DeliveryId::new);
  }
}

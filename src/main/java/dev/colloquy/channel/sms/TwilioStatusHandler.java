package dev.colloquy.channel.sms;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.channel.Form;
import dev.colloquy.channel.Inbound;
import dev.colloquy.channel.InboundEvent;
import dev.colloquy.channel.InboundHandler;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.delivery.Deliveries;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryStatus;
import dev.colloquy.delivery.Outbox;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.job.Jobs;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Notes what became of an SMS, as the gateway tells it. It tells things in any order and more than
 * once: what comes late undoes nothing.
 */
@Singleton
final class TwilioStatusHandler implements InboundHandler {
  private final Database database;
  private final Inbound inbound;
  private final EventSignals signals;
  private final Instance<Jobs> jobs;
  private final Clock clock;

  TwilioStatusHandler(
      Database database, Inbound inbound, EventSignals signals, Instance<Jobs> jobs, Clock clock) {
    this.database = database;
    this.inbound = inbound;
    this.signals = signals;
    this.jobs = jobs;
    this.clock = clock;
  }

  @Override
  public String source() {
    return TwilioSmsResource.STATUSES;
  }

  @Override
  public void handle(InboundEvent event) {
    var agent = event.agent();
    if (agent != null) {
      database.useTransaction(tx -> handle(tx, event, agent));
    }
  }

  private void handle(Handle tx, InboundEvent event, KeyOwner.OfAgent agent) {
    if (!Inbound.take(tx, event)) {
      return;
    }
    var form = Form.parse(event.body());
    var status = form.text("MessageStatus");
    var found = delivery(tx, event, agent, form.text("MessageSid"));
    if (found.isEmpty()) {
      inbound.ignored(tx, event, "no_such_delivery");
      return;
    }
    var now = Rows.now(clock);
    var outgoing = found.get();
    var change = change(form, status, now);
    if (change == null) {
      inbound.ignored(tx, event, "status:" + status);
    } else if (isOfEarlierAttempt(event, outgoing) && change.to() != DeliveryStatus.DELIVERED) {
      // It was sent again since: how the first one failed says nothing of the second.
      inbound.ignored(tx, event, "earlier_attempt");
    } else {
      apply(tx, outgoing, change);
      inbound.handled(tx, event, status, outgoing.conversation(), outgoing.message());
    }
  }

  private static Optional<Outgoing> delivery(
      Handle tx, InboundEvent event, KeyOwner.OfAgent agent, String sid) {
    return Ids.parse(text(event, "delivery"))
        .map(DeliveryId::new)
        .or(() -> Deliveries.byExternalId(tx, "twilio", sid))
        .flatMap(id -> Deliveries.find(tx, agent, id))
        .filter(outgoing -> outgoing.provider().equals("twilio"));
  }

  private static boolean isOfEarlierAttempt(InboundEvent event, Outgoing outgoing) {
    var attempt = text(event, "attempt");
    return !attempt.isEmpty() && !attempt.equals(Integer.toString(outgoing.attempts()));
  }

  private static String text(InboundEvent event, String name) {
    var headers = event.headers();
    return headers == null ? "" : headers.path(name).asText("");
  }

  /** What the status makes of the delivery (Twilio's documentation, "Message status values"). */
  private static Deliveries.@Nullable Change change(Form form, String status, Instant now) {
    var sid = form.text("MessageSid");
    return switch (status) {
      case "accepted", "scheduled", "queued", "sending", "sent" ->
          new Deliveries.Change(DeliveryStatus.SENT, sid, null, now);
      case "delivered", "read" -> new Deliveries.Change(DeliveryStatus.DELIVERED, sid, null, now);
      case "undelivered", "failed", "canceled" ->
          new Deliveries.Change(DeliveryStatus.FAILED, sid, reason(form, status), now);
      default -> null;
    };
  }

  private static String reason(Form form, String status) {
    var code = form.text("ErrorCode");
    return code.matches("[0-9]{1,6}") && !code.equals("0") ? "twilio_" + code : "twilio_" + status;
  }

  private void apply(Handle tx, Outgoing outgoing, Deliveries.Change change) {
    if (TwilioMessages.UNSUBSCRIBED.equals(change.reason())) {
      TwilioSmsProvider.optOut(tx, outgoing, TwilioMessages.UNSUBSCRIBED, change.at());
    }
    if (Deliveries.change(tx, outgoing.id(), change).isEmpty()) {
      return;
    }
    database.afterCommit(() -> signals.changed(outgoing.agent().agent(), outgoing.conversation()));
    // It may come before the gateway's answer, and what waits behind it need not wait longer.
    var next = Deliveries.next(tx, outgoing);
    if (next.isPresent()) {
      var job = Outbox.DELIVER.instance(next.get().toString()).build();
      jobs.get().hurry(tx, job, change.at());
      database.afterCommit(() -> jobs.get().runDue());
    }
  }
}

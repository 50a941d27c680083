package dev.colloquy.channel.voice;

import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.delivery.Deliveries;
import dev.colloquy.delivery.DeliveryStatus;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Wire;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what becomes of calls, and moves the deliveries that they carry out. Every method runs in
 * the caller's transaction and locks the conversation first.
 */
@Singleton
final class CallProgress {
  private static final int LONGEST_REASON = 64;

  private final Database database;
  private final EventSignals signals;
  private final MeterRegistry meters;

  CallProgress(Database database, EventSignals signals, MeterRegistry meters) {
    this.database = database;
    this.signals = signals;
    this.meters = meters;
  }

  /**
   * Notes that the provider has the call: whatever it says of one shows that.
   *
   * @param externalId its id there, where it says so
   */
  void taken(Handle tx, Call call, @Nullable String externalId, Instant now) {
    Conversations.lock(tx, call.conversation());
    if (externalId != null && Calls.name(tx, call, externalId, now)) {
      Conversations.setCall(tx, call.agent(), call.conversation(), externalId, now);
      tell(call);
    }
    deliver(tx, call, DeliveryStatus.SENT, externalId, null, now);
  }

  void ringing(Handle tx, Call call, Instant now) {
    Calls.advance(tx, call, Call.Status.RINGING, now);
  }

  /** Somebody answered. */
  void answered(Handle tx, Call call, Instant now) {
    Conversations.lock(tx, call.conversation());
    Calls.advance(tx, call, Call.Status.IN_PROGRESS, now);
    deliver(tx, call, DeliveryStatus.DELIVERED, null, null, now);
  }

  /**
   * The call is over, or more is told of one that is.
   *
   * @param isReached whether somebody answered
   */
  void ended(Handle tx, Call call, boolean isReached, Calls.End end, Instant now) {
    Conversations.lock(tx, call.conversation());
    var to = isReached ? Call.Status.ENDED : Call.Status.FAILED;
    var longer = Calls.end(tx, call, to, end, now);
    if (longer > 0) {
      database.afterCommit(() ->
          meters
              .counter(
                  "colloquy.calls.seconds",
                  "provider",
                  call.provider(),
                  "direction",
                  Wire.name(call.direction()))
              .increment(longer));
    }
    if (isReached) {
      deliver(tx, call, DeliveryStatus.DELIVERED, null, null, now);
    } else {
      deliver(tx, call, DeliveryStatus.FAILED, null, code(end.reason()), now);
    }
  }

  /** A provider's reason as a short code of ours. */
  private static String code(@Nullable String reason) {
    if (reason == null) {
      return "not_reached";
    }
    var code = reason.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    return code.substring(0, Math.min(code.length(), LONGEST_REASON));
  }

  private void deliver(
      Handle tx,
      Call call,
      DeliveryStatus to,
      @Nullable String externalId,
      @Nullable String reason,
      Instant now) {
    var delivery = call.delivery();
    if (delivery == null) {
      return;
    }
    var changed =
        Deliveries.change(tx, delivery, new Deliveries.Change(to, externalId, reason, now));
    if (changed.isPresent()) {
      meters
          .counter("colloquy.deliveries", "channel", "voice", "status", Wire.name(to))
          .increment();
      tell(call);
    }
  }

  /** Has whoever follows the conversation look at it after the commit. */
  void tell(Call call) {
    database.afterCommit(() -> signals.changed(call.agent().agent(), call.conversation()));
  }
}

package dev.colloquy.channel;

import dev.colloquy.consent.ConsentAction;
import dev.colloquy.consent.Consents;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.delivery.Deliveries;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryStatus;
import dev.colloquy.delivery.Outbox;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.job.Jobs;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Sends one delivery: notes that an attempt begins, hands it to its provider, and notes what came
 * of it; the provider is called between the two transactions. Safe for many threads.
 */
@Singleton
final class Dispatcher {
  private static final Logger log = Logger.getLogger(Dispatcher.class);
  private static final Duration PAUSED = Duration.ofSeconds(30);
  private static final Duration BEHIND_ANOTHER = Duration.ofSeconds(1);
  private static final Duration BEHIND_ONE_THAT_WAITS = Duration.ofMinutes(1);

  private final Database database;
  private final Map<String, ChannelProvider> providers;
  private final EventSignals signals;
  private final Instance<Jobs> jobs;
  private final DeliveryConfig config;
  private final MeterRegistry meters;
  private final Clock clock;

  Dispatcher(
      Database database,
      @All List<ChannelProvider> providers,
      EventSignals signals,
      Instance<Jobs> jobs,
      DeliveryConfig config,
      MeterRegistry meters,
      Clock clock) {
    this.database = database;
    this.providers =
        providers.stream().collect(Collectors.toMap(ChannelProvider::name, Function.identity()));
    this.signals = signals;
    this.jobs = jobs;
    this.config = config;
    this.meters = meters;
    this.clock = clock;
  }

  /** What is to be done with a delivery now. */
  private sealed interface Step {
    /** It is handed to its provider. */
    record Send(Outgoing outgoing, ChannelProvider provider) implements Step {}

    /** It is looked at again later. */
    record Wait(Instant until) implements Step {}

    /** There is nothing left to do. */
    record Done() implements Step {}
  }

  /**
   * Sends the delivery, if it is to be sent now.
   *
   * @return when to look at it again; nothing where that is not needed
   */
  Optional<Instant> dispatch(DeliveryId id) throws InterruptedException {
    return switch (database.inTransaction(tx -> begin(tx, id))) {
      case Step.Send(var outgoing, var provider) -> send(outgoing, provider);
      case Step.Wait(var until) -> Optional.of(until);
      case Step.Done() -> Optional.empty();
    };
  }

  private Step begin(Handle tx, DeliveryId id) {
    var found = Deliveries.lockQueued(tx, id);
    if (found.isEmpty()) {
      return new Step.Done();
    }
    var now = Rows.now(clock);
    var outgoing = found.get().outgoing();
    var provider = providers.get(outgoing.provider());
    if (provider == null) {
      return end(tx, outgoing, DeliveryStatus.FAILED, "no_provider", now);
    }
    var block =
        Consents.block(
            tx, outgoing.agent().organization(), outgoing.channel(), outgoing.recipient());
    if (block.isPresent()) {
      var reason = block.get() == ConsentAction.BOUNCE ? "address_bounced" : "opted_out";
      return end(tx, outgoing, DeliveryStatus.FAILED, reason, now);
    }
    if (found.get().isInterrupted() && !provider.dropsRepeats()) {
      return end(tx, outgoing, DeliveryStatus.UNKNOWN, "interrupted", now);
    }
    if (found.get().isPaused()) {
      return postpone(tx, outgoing, now.plus(PAUSED), "paused", now);
    }
    var earlier = Deliveries.earlier(tx, outgoing, now);
    if (earlier.isPresent()) {
      return new Step.Wait(behind(earlier.get(), now));
    }
    var notBefore = provider.notBefore(tx, outgoing, now);
    if (notBefore.isPresent() && notBefore.get().isAfter(now)) {
      return postpone(tx, outgoing, notBefore.get(), "quiet_hours", now);
    }
    Deliveries.begin(tx, outgoing, now);
    return new Step.Send(outgoing.nextAttempt(), provider);
  }

  /** Whoever ends an older one hurries the next; this is for where that went by unnoticed. */
  private static Instant behind(Instant earlier, Instant now) {
    var soonest = now.plus(BEHIND_ANOTHER);
    var latest = now.plus(BEHIND_ONE_THAT_WAITS);
    return earlier.isBefore(soonest) ? soonest : earlier.isAfter(latest) ? latest : earlier;
  }

  private Step postpone(Handle tx, Outgoing outgoing, Instant until, String reason, Instant now) {
    Deliveries.postpone(tx, outgoing, until, reason, now);
    return new Step.Wait(until);
  }

  private Step end(
      Handle tx, Outgoing outgoing, DeliveryStatus status, String reason, Instant now) {
    change(tx, outgoing, new Deliveries.Change(status, null, reason, now));
    return new Step.Done();
  }

  private Optional<Instant> send(Outgoing outgoing, ChannelProvider provider)
      throws InterruptedException {
    var result = provider.send(outgoing);
    return database.inTransaction(tx -> record(tx, outgoing, provider, result));
  }

  private Optional<Instant> record(
      Handle tx, Outgoing outgoing, ChannelProvider provider, SendResult result) {
    var now = Rows.now(clock);
    return switch (result) {
      case SendResult.Accepted(var externalId) -> {
        change(tx, outgoing, new Deliveries.Change(DeliveryStatus.SENT, externalId, null, now));
        provider.accepted(tx, outgoing, externalId, now);
        yield Optional.empty();
      }
      case SendResult.Rejected(var reason) -> {
        change(tx, outgoing, new Deliveries.Change(DeliveryStatus.FAILED, null, reason, now));
        yield Optional.empty();
      }
      case SendResult.Ambiguous(var reason) -> {
        if (provider.dropsRepeats()) {
          yield again(tx, outgoing, reason, null, now);
        }
        change(tx, outgoing, new Deliveries.Change(DeliveryStatus.UNKNOWN, null, reason, now));
        yield Optional.empty();
      }
      case SendResult.Retryable(var reason, var after) -> again(tx, outgoing, reason, after, now);
    };
  }

  private Optional<Instant> again(
      Handle tx, Outgoing outgoing, String reason, @Nullable Duration after, Instant now) {
    var next = now.plus(wait(outgoing.attempts(), after));
    if (next.isAfter(outgoing.createdAt().plus(config.giveUpAfter()))) {
      change(tx, outgoing, new Deliveries.Change(DeliveryStatus.FAILED, null, reason, now));
      return Optional.empty();
    }
    Deliveries.postpone(tx, outgoing, next, reason, now);
    log.warnf(
        "delivery=%s provider=%s attempts=%d reason=%s next=%s event=delivery-postponed",
        outgoing.id(), outgoing.provider(), outgoing.attempts(), reason, next);
    return Optional.of(next);
  }

  /** Doubled after each failure; a random third is left out, so that not all return at once. */
  private Duration wait(int attempts, @Nullable Duration asked) {
    var full = config.firstRetry().multipliedBy(1L << Math.min(Math.max(attempts, 1) - 1, 16));
    if (full.compareTo(config.longestRetry()) > 0) {
      full = config.longestRetry();
    }
    var wait =
        full.minus(full.multipliedBy(ThreadLocalRandom.current().nextInt(333)).dividedBy(1_000));
    return asked != null && asked.compareTo(wait) > 0 ? asked : wait;
  }

  private void change(Handle tx, Outgoing outgoing, Deliveries.Change change) {
    var changed = Deliveries.change(tx, outgoing.id(), change);
    if (changed.isEmpty()) {
      return;
    }
    meters
        .counter(
            "colloquy.deliveries",
            "channel",
            Wire.name(outgoing.channel()),
            "status",
            Wire.name(change.to()))
        .increment();
    if (change.to() == DeliveryStatus.FAILED || change.to() == DeliveryStatus.UNKNOWN) {
      log.warnf(
          "delivery=%s provider=%s status=%s reason=%s event=delivery-ended",
          outgoing.id(), outgoing.provider(), change.to(), change.reason());
    }
    hurryNext(tx, outgoing, change.at());
    database.afterCommit(() -> signals.changed(outgoing.agent().agent(), outgoing.conversation()));
  }

  /** What waited behind this one goes at once. */
  private void hurryNext(Handle tx, Outgoing outgoing, Instant now) {
    var next = Deliveries.next(tx, outgoing);
    if (next.isPresent()) {
      jobs.get().hurry(tx, Outbox.DELIVER.instance(next.get().toString()).build(), now);
      database.afterCommit(() -> jobs.get().runDue());
    }
  }
}

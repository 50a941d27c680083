package dev.colloquy.channel;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import io.quarkus.arc.All;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The job that handles something that came in, as often as it takes. */
@Singleton
final class InboundJob {
  private static final Logger log = Logger.getLogger(InboundJob.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(5);

  private final Database database;
  private final Inbound inbound;
  private final Map<String, InboundHandler> handlers;
  private final InboundConfig config;
  private final Clock clock;

  InboundJob(
      Database database,
      Inbound inbound,
      @All List<InboundHandler> handlers,
      InboundConfig config,
      Clock clock) {
    this.database = database;
    this.inbound = inbound;
    this.handlers =
        handlers.stream().collect(Collectors.toMap(InboundHandler::source, Function.identity()));
    this.config = config;
    this.clock = clock;
  }

  @Produces
  @Singleton
  CustomTask<Void> task() {
    return Tasks.custom(Inbound.HANDLE)
        .onFailure(new FailureHandler.OnFailureRetryLater<Void>(AFTER_A_FAULT))
        .execute((job, _) -> run(UUID.fromString(job.getId())));
  }

  private CompletionHandler<Void> run(UUID id) {
    try {
      var next = handle(id);
      return (complete, operations) ->
          next.ifPresentOrElse(when -> operations.reschedule(complete, when), operations::remove);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server stops", e);
    }
  }

  private Optional<Instant> handle(UUID id) throws InterruptedException {
    var attempt = inbound.attempt(id);
    if (attempt.isEmpty()) {
      // Behind another one of its order, which tells it when it is done; else it is done itself.
      return inbound.isOpen(id) ? Optional.of(clock.instant().plus(SOON)) : Optional.empty();
    }
    var event = attempt.get().event();
    var next = attempt(event, attempt.get().attempts());
    if (next.isEmpty()) {
      inbound.hurryNext(event);
    }
    return next;
  }

  private Optional<Instant> attempt(InboundEvent event, int attempts) throws InterruptedException {
    var handler = handlers.get(event.source());
    if (handler == null) {
      database.useTransaction(tx -> inbound.failed(tx, event.id(), "no_handler"));
      return Optional.empty();
    }
    try {
      handler.handle(event);
      return Optional.empty();
    } catch (ApiException e) {
      return refused(event, e, attempts);
    } catch (Database.UnavailableException e) {
      return Optional.of(clock.instant().plus(AFTER_A_FAULT));
    } catch (RuntimeException e) {
      log.errorf(
          e,
          "inbound=%s source=%s attempt=%d event=inbound-failed",
          event.id(),
          event.source(),
          attempts);
      return again(event, attempts, "bug:" + e.getClass().getSimpleName());
    }
  }

  private Optional<Instant> refused(InboundEvent event, ApiException e, int attempts) {
    if (e.code() == ErrorCode.OVERLOADED || e.code() == ErrorCode.UNAVAILABLE) {
      // However long that lasts: it is kept, and nobody waits for an answer here.
      return Optional.of(clock.instant().plus(SOON));
    }
    if (e.code() == ErrorCode.CONFLICT) {
      database.useTransaction(tx -> inbound.ignored(tx, event, "agent_inactive"));
      return Optional.empty();
    }
    log.warnf(
        "inbound=%s source=%s attempt=%d code=%s event=inbound-refused",
        event.id(), event.source(), attempts, e.code());
    return again(event, attempts, "refused:" + e.code());
  }

  private Optional<Instant> again(InboundEvent event, int attempts, String outcome) {
    if (attempts >= config.attempts()) {
      database.useTransaction(tx -> inbound.failed(tx, event.id(), outcome));
      return Optional.empty();
    }
    return Optional.of(clock.instant().plus(SOON.multipliedBy(1L << Math.min(attempts, 12))));
  }
}

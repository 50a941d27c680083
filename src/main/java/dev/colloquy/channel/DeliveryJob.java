package dev.colloquy.channel;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.Outbox;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;

/** The job that sends a delivery, as often as it takes. */
@Singleton
final class DeliveryJob {
  // The database was away: what is known is in the row.
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(5);

  private final Dispatcher dispatcher;

  DeliveryJob(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Produces
  @Singleton
  CustomTask<Void> task() {
    return Tasks.custom(Outbox.DELIVER)
        .onFailure(new FailureHandler.OnFailureRetryLater<Void>(AFTER_A_FAULT))
        .execute((job, _) -> run(new DeliveryId(UUID.fromString(job.getId()))));
  }

  private CompletionHandler<Void> run(DeliveryId id) {
    try {
      var next = dispatcher.dispatch(id);
      return (complete, operations) ->
          next.ifPresentOrElse(when -> operations.reschedule(complete, when), operations::remove);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server stops", e);
    }
  }
}

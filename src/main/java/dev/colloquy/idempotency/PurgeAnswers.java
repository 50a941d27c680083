package dev.colloquy.idempotency;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Removes expired answers, a batch at a time; one node of all does it. */
@Singleton
final class PurgeAnswers {
  private final StoredAnswers answers;
  private final IdempotencyConfig config;

  PurgeAnswers(StoredAnswers answers, IdempotencyConfig config) {
    this.answers = answers;
    this.config = config;
  }

  @Produces
  @Singleton
  RecurringTask<Void> task() {
    return Tasks.recurring("purge-idempotent-requests", FixedDelay.of(config.purgeInterval()))
        .execute((_, _) -> purge());
  }

  void purge() {
    while (answers.purgeSome()) {
      // Until none is left.
    }
  }
}

package dev.colloquy.closing;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.job.Jobs;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Looks for conversations in which nobody has written for their agent's idle time, makes them
 * inactive and, in the same transaction, writes a job for each that closes it. One node of all does
 * it at a time. The next message makes such a conversation active again.
 */
@Singleton
final class IdleConversations {
  /** The job that closes one conversation, whose id is the job's. */
  static final TaskDescriptor<Void> CLOSE = TaskDescriptor.of("close-conversation");

  private final Database database;
  private final Instance<Jobs> jobs;
  private final ClosingConfig config;
  private final Clock clock;

  IdleConversations(Database database, Instance<Jobs> jobs, ClosingConfig config, Clock clock) {
    this.database = database;
    this.jobs = jobs;
    this.config = config;
    this.clock = clock;
  }

  @Produces
  @Singleton
  RecurringTask<Void> task() {
    return Tasks.recurring("find-idle-conversations", FixedDelay.of(config.interval()))
        .execute((_, _) -> sweep());
  }

  private void sweep() {
    List<?> found;
    do {
      found =
          database.inTransaction(tx -> {
            var idle = ClosingRepository.deactivateIdle(tx, Rows.now(clock), config.idleTime());
            for (var conversation : idle) {
              jobs.get()
                  .enqueue(tx, CLOSE.instance(conversation.toString()).build(), Instant.now());
            }
            return idle;
          });
    } while (!found.isEmpty());
  }
}

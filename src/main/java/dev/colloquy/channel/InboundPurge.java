package dev.colloquy.channel;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/**
 * Forgets the raw form of what came in long ago; that it came is kept, so that a repeat is known.
 * One node of all does it.
 */
@Singleton
final class InboundPurge {
  private static final int BATCH = 500;

  private final Database database;
  private final InboundConfig config;
  private final Clock clock;

  InboundPurge(Database database, InboundConfig config, Clock clock) {
    this.database = database;
    this.config = config;
    this.clock = clock;
  }

  @Produces
  @Singleton
  RecurringTask<Void> task() {
    return Tasks.recurring("purge-inbound", FixedDelay.of(Duration.ofHours(1)))
        .execute((_, _) -> purge());
  }

  void purge() {
    var sql =
        """
        update inbound
        set body = null, headers = null
        where id in (
          select id from inbound
          where received_at < :before and body is not null and status <> 'received'
          limit :batch)
        """;
    int purged;
    do {
      var before = Rows.time(Rows.now(clock).minus(config.keep()));
      purged =
          database.inTransaction(
              tx -> tx.createUpdate(sql).bind("before", before).bind("batch", BATCH).execute());
    } while (purged == BATCH);
  }
}

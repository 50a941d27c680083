package dev.colloquy.platform.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.OnStartup;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.colloquy.platform.db.Database;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Handle;

/**
 * Runs every bean that is a {@link Task}. Handlers are idempotent: a node that dies in one is
 * followed by another that runs it again.
 */
@Singleton
public final class Jobs {
  // Deliveries wait for providers, each on a virtual thread of its own.
  private static final int THREADS = 32;
  private static final Duration POLLING = Duration.ofSeconds(2);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration LAST_JOBS = Duration.ofSeconds(3);

  private final List<Task<?>> tasks;
  private final Scheduler scheduler;

  Jobs(Database database, @All List<Task<?>> tasks) {
    this.tasks = List.copyOf(tasks);
    var builder =
        Scheduler.create(database.pool(), this.tasks.stream().filter(t -> !recurs(t)).toList())
            .startTasks(recurring())
            .threads(THREADS)
            .executorService(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("job-", 0).factory()))
            .pollUsingLockAndFetch(0.5, 1)
            .pollingInterval(POLLING)
            // A node that died in a job is noticed after four of these.
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(4)
            .shutdownMaxWait(LAST_JOBS)
            // A task's own handler says what went wrong; the stack would be in the log twice.
            .failureLogging(LogLevel.WARN, false);
    scheduler = builder.build();
  }

  private static boolean recurs(Task<?> task) {
    return task instanceof OnStartup;
  }

  // A recurring task is both; the builder's type asks for it in a way that a filter cannot give.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private <T extends Task<?> & OnStartup> List<T> recurring() {
    return (List) tasks.stream().filter(Jobs::recurs).toList();
  }

  void start(@Observes StartupEvent event) {
    scheduler.start();
  }

  void stop(@Observes ShutdownEvent event) {
    scheduler.stop();
  }

  /**
   * Has this node look at once for jobs that are due; to be called when such a job was committed.
   * Without it they are found within two seconds.
   */
  public void runDue() {
    scheduler.triggerCheckForDueExecutions();
  }

  /** Writes a job in the caller's transaction; one that is there already stays as it is. */
  public void enqueue(Handle tx, TaskInstance<?> job, Instant when) {
    client(tx).scheduleIfNotExists(job, when);
  }

  /**
   * Has a job run earlier than it would, in the caller's transaction; nothing where it is not there
   * or is running.
   */
  public void hurry(Handle tx, TaskInstance<?> job, Instant when) {
    var client = client(tx);
    var known = client.getScheduledExecution(job);
    if (known.isPresent()
        && !known.get().isPicked()
        && known.get().getExecutionTime().isAfter(when)) {
      client.reschedule(job, when);
    }
  }

  private SchedulerClient client(Handle tx) {
    return SchedulerClient.Builder.create(new TransactionSource(tx.getConnection()), tasks).build();
  }
}

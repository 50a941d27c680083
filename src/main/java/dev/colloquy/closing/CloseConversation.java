package dev.colloquy.closing;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.model.ModelException;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Closes one conversation: has its title, summary and score made, and stores them. Running it twice
 * changes nothing; where somebody wrote meanwhile, it will be closed again.
 */
@Singleton
final class CloseConversation {
  private static final Logger log = Logger.getLogger(CloseConversation.class);
  private static final int RETRIES = 6;
  private static final Duration FIRST_RETRY = Duration.ofSeconds(30);

  private final Database database;
  private final Summarizer summarizer;
  private final Clock clock;

  CloseConversation(Database database, Summarizer summarizer, Clock clock) {
    this.database = database;
    this.summarizer = summarizer;
    this.clock = clock;
  }

  @Produces
  @Singleton
  OneTimeTask<Void> task() {
    return Tasks.oneTime(IdleConversations.CLOSE)
        .onFailure(FailureHandler.<Void>maxRetries(RETRIES).withBackoff(FIRST_RETRY).thenRemove())
        .execute((job, _) -> close(ClosingRepository.idOf(job.getId())));
  }

  private void close(ConversationId conversation) {
    var idle = database.read(tx -> ClosingRepository.find(tx, conversation));
    if (idle.isEmpty()) {
      return; // deleted, or closed already
    }
    try {
      var closing = summarizer.close(conversation, idle.get());
      database.useTransaction(tx ->
          ClosingRepository.store(
              tx, conversation, idle.get().lastSeq(), closing, Rows.now(clock)));
      log.debugf("conversation=%s event=closed", conversation);
    } catch (ModelException e) {
      throw new ClosingFailedException(
          "conversation=%s reason=%s event=closing-failed".formatted(conversation, e.reason()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosingFailedException(
          "conversation=%s event=closing-stopped".formatted(conversation), e);
    }
  }

  /** Makes the job run again later. */
  private static final class ClosingFailedException extends RuntimeException {
    ClosingFailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}

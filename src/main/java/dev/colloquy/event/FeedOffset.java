package dev.colloquy.event;

import dev.colloquy.platform.db.Database;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Keeps positions rising where transaction ids began anew, because a dump was restored: before this
 * node writes anything, it raises what is added to them if positions are ahead.
 */
@Singleton
final class FeedOffset {
  private static final Logger log = Logger.getLogger(FeedOffset.class);

  private final Database database;

  FeedOffset(Database database) {
    this.database = database;
  }

  void check(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
    if (database.inTransaction(FeedOffset::raise)) {
      log.warn("event=feed-offset-raised detail=\"positions were ahead: restored from a dump?\"");
    }
  }

  /** Whether it had to be raised. Locks first, then looks: another node may be doing it. */
  static boolean raise(Handle tx) {
    tx.createQuery("select position_offset from feed for update").mapTo(Long.class).one();
    var sql =
        """
        update feed
        set position_offset = newest.position
        from (
          select max(greatest(m.position, e.position)) as position
          from agent g
          left join lateral (
            select position from message where agent_id = g.id
            order by position desc, conversation_id desc, seq desc
            limit 1) m on true
          left join lateral (
            select position from conversation_event where agent_id = g.id
            order by position desc, conversation_id desc, seq desc
            limit 1) e on true) newest
        where newest.position
              >= position_offset
                 + cast(cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as bigint)
        """;
    return tx.createUpdate(sql).execute() == 1;
  }
}

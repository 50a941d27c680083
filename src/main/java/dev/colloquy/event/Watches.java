package dev.colloquy.event;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.AtExit;
import dev.colloquy.platform.signal.Signals;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The readers of this node that wait. Signals wake them; should one be lost, a look at the database
 * every two seconds does: one statement for all who watch conversations and one for all who watch
 * agents, however many they are.
 */
@Singleton
final class Watches {
  private static final Logger log = Logger.getLogger(Watches.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Database database;
  private final Signals signals;
  private final AtExit atExit;
  private final Set<Watch<InConversation>> conversations = ConcurrentHashMap.newKeySet();
  private final Set<Watch<OfAgent>> agents = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("feed-watch").daemon().factory());
  private volatile boolean stopped;

  Watches(Database database, Signals signals, AtExit atExit) {
    this.atExit = atExit;
    this.database = database;
    this.signals = signals;
  }

  /** After an event of a conversation. */
  record InConversation(ConversationId conversation, long seq) {}

  /** After an event of an agent's. */
  record OfAgent(KeyOwner.OfAgent agent, FeedCursor cursor) {}

  void start(@Observes StartupEvent event) {
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    atExit.run("watches-end", this::wakeAll);
  }

  void stop(@Observes ShutdownEvent event) {
    timer.shutdown();
    wakeAll();
  }

  private void wakeAll() {
    stopped = true;
    conversations.forEach(Watch::wake);
    agents.forEach(Watch::wake);
  }

  /** Whether the server stops, so that nobody may wait any more. */
  boolean isStopped() {
    return stopped;
  }

  /** How many readers wait, or are about to. */
  int count() {
    return conversations.size() + agents.size();
  }

  Watch<InConversation> watch(InConversation place, Waiting waiting) {
    return enter(conversations, place, waiting, EventSignals.topic(place.conversation()));
  }

  Watch<OfAgent> watch(OfAgent place, Waiting waiting) {
    return enter(agents, place, waiting, EventSignals.topic(place.agent().agent()));
  }

  private <P> Watch<P> enter(Set<Watch<P>> all, P place, Waiting waiting, String topic) {
    var watch = new Watch<>(place, waiting, all);
    watch.listen(signals.subscribe(topic, _ -> watch.wake()));
    all.add(watch);
    return watch;
  }

  /** A timer that throws is never run again, so whatever happens is logged and tried next time. */
  private void look() {
    try {
      lookAtConversations(List.copyOf(conversations));
      lookAtAgents(List.copyOf(agents));
    } catch (RuntimeException e) {
      log.errorf(e, "event=feed-look-failed");
    }
  }

  private void lookAtConversations(List<Watch<InConversation>> watches) {
    if (watches.isEmpty()) {
      return;
    }
    // Also those that are gone.
    var sql =
        """
        select w.n
        from unnest(cast(:conversations as uuid[]), cast(:seqs as bigint[]))
             with ordinality as w (conversation_id, seq, n)
        left join conversation_activity a on a.conversation_id = w.conversation_id
        where a.last_seq is null or a.last_seq > w.seq
        """;
    var places = watches.stream().map(Watch::seen).toList();
    var changed =
        database.read(tx ->
            tx.createQuery(sql)
                .bindArray(
                    "conversations",
                    UUID.class,
                    places.stream().map(place -> place.conversation().value()).toList())
                .bindArray("seqs", Long.class, places.stream().map(InConversation::seq).toList())
                .mapTo(Integer.class)
                .list());
    changed.forEach(n -> watches.get(n - 1).wake());
  }

  private void lookAtAgents(List<Watch<OfAgent>> watches) {
    if (watches.isEmpty()) {
      return;
    }
    var sql =
        """
        select w.n
        from unnest(cast(:agents as uuid[]), cast(:positions as bigint[]),
                    cast(:conversations as uuid[]), cast(:seqs as bigint[]))
             with ordinality as w (agent_id, position, conversation_id, seq, n)
        where exists (
            select from message m
            where m.agent_id = w.agent_id
              and (m.position, m.conversation_id, m.seq)
                  > (w.position, w.conversation_id, w.seq))
          or exists (
            select from conversation_event e
            where e.agent_id = w.agent_id
              and (e.position, e.conversation_id, e.seq)
                  > (w.position, w.conversation_id, w.seq))
        """;
    var places = watches.stream().map(Watch::seen).toList();
    var cursors = places.stream().map(OfAgent::cursor).toList();
    var changed =
        database.read(tx ->
            tx.createQuery(sql)
                .bindArray(
                    "agents",
                    UUID.class,
                    places.stream().map(place -> place.agent().agent().value()).toList())
                .bindArray(
                    "positions", Long.class, cursors.stream().map(FeedCursor::position).toList())
                .bindArray(
                    "conversations",
                    UUID.class,
                    cursors.stream().map(FeedCursor::conversation).toList())
                .bindArray("seqs", Long.class, cursors.stream().map(FeedCursor::seq).toList())
                .mapTo(Integer.class)
                .list());
    changed.forEach(n -> watches.get(n - 1).wake());
  }
}

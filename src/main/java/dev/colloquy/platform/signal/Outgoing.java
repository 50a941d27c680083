package dev.colloquy.platform.signal;

import dev.colloquy.platform.db.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Sends to the other nodes, on a thread of its own: all that has gathered, in one statement that is
 * a transaction of its own. A message's transaction never notifies: PostgreSQL lets such
 * transactions commit one at a time.
 */
final class Outgoing {
  static final String CHANNEL = "colloquy_signals";

  private static final Logger log = Logger.getLogger(Outgoing.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final int AT_ONCE = 100;

  // Hints outlive no crash anyway, so the commit need not wait for the disk.
  private static final String NOTIFY =
      """
      select set_config('synchronous_commit', 'off', true), pg_notify(?, packet)
      from unnest(cast(? as text[])) packet
      """;

  private final Database database;
  private final Topics topics;
  private final SignalMetrics counts;
  private final SignalTiming timing;
  private final Packet.Writer writer;
  private final Queue queue = new Queue();
  private final Thread thread;
  private long lastSent = System.nanoTime();

  Outgoing(UUID node, Database database, Topics topics, SignalMetrics counts, SignalTiming timing) {
    this.database = database;
    this.topics = topics;
    this.counts = counts;
    this.timing = timing;
    writer = new Packet.Writer(node);
    thread = Thread.ofPlatform().name("signals-out").daemon().unstarted(this::run);
  }

  Queue queue() {
    return queue;
  }

  void start() {
    thread.start();
  }

  void hint(String topic, String payload) {
    if (!queue.hint(topic, payload)) {
      counts.dropped.increment();
    }
  }

  void changed(String topic) {
    queue.changed(topic);
  }

  void stop() throws InterruptedException {
    queue.close();
    thread.join(LAST_WORDS);
    // What still waits is for a database that does not answer.
    thread.interrupt();
  }

  private void run() {
    var failures = 0;
    try {
      boolean last;
      do {
        var batch = queue.take();
        last = queue.isClosed();
        if (send(batch, last)) {
          failures = 0;
          queue.pause(timing.pause().toNanos());
        } else {
          queue.pause(Queue.backoffNanos(failures++));
        }
      } while (!last);
    } catch (InterruptedException e) {
      log.debugf("event=signals-interrupted");
    }
  }

  /** Returns whether it was sent; what was not is in the queue again. */
  private boolean send(Queue.Batch batch, boolean last) {
    var items = items(batch, last);
    try {
      var packets = writer.write(items);
      for (var from = 0; from < packets.size(); from += AT_ONCE) {
        notify(packets.subList(from, Math.min(packets.size(), from + AT_ONCE)));
      }
      counts.sent.increment(batch.hints.size());
    } catch (RuntimeException e) {
      // The hints are lost, and said to be; the thread must go on whatever it was.
      log.warnf("event=signals-not-sent hints=%d error=%s", batch.hints.size(), e.getClass());
      counts.dropped.increment(batch.hints.size());
      queue.failed(batch);
      return false;
    }
    if (batch.announce) {
      lookAgainAfterSilence();
    }
    return true;
  }

  /**
   * A node that was silent for so long (a paused machine) may have been forgotten by the others.
   */
  private void lookAgainAfterSilence() {
    var now = System.nanoTime();
    if (now - lastSent > timing.forget().toNanos() * 2 / 3) {
      topics.tellAllToLook();
    }
    lastSent = now;
  }

  private void notify(List<String> packets) {
    boolean _ =
        database.onConnection(connection -> {
          try (var statement = connection.prepareStatement(NOTIFY)) {
            statement.setString(1, CHANNEL);
            statement.setArray(2, connection.createArrayOf("text", packets.toArray()));
            return statement.execute();
          }
        });
  }

  private List<Item> items(Queue.Batch batch, boolean last) {
    var items = new ArrayList<Item>();
    if (batch.ask) {
      items.add(Item.Word.ASK);
    }
    if (batch.announce) {
      items.add(Item.Word.ANNOUNCING);
      topics.names().forEach(topic -> items.add(new Item.Begins(TopicHash.of(topic))));
      items.add(Item.Word.ANNOUNCED);
    }
    // Looked at now: whoever changes it from here on puts it into the queue again.
    batch.changed.forEach(topic -> items.add(standing(topic)));
    items.addAll(batch.hints);
    batch.lost.forEach(topic -> items.add(new Item.Lost(topic)));
    if (batch.lostAll) {
      items.add(Item.Word.LOST_ALL);
    }
    if (last) {
      items.add(Item.Word.BYE);
    }
    return items;
  }

  private Item standing(String topic) {
    var hash = TopicHash.of(topic);
    return topics.isWatched(topic) ? new Item.Begins(hash) : new Item.Ends(hash);
  }
}

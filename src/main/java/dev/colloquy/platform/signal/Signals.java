package dev.colloquy.platform.signal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.json.Text;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.UUID;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Tells threads of this node and of the others that something changed. A hint may be missed (then
 * the listener gets {@link #LOST}, if late), and may come although nothing changed; it is never the
 * change itself: who hears one looks in the database, and looks there now and then without one.
 *
 * <p>Every method may be called on any thread, and none waits for the database: what concerns other
 * nodes is put down for a thread of our own. Call {@link #publish} after the commit.
 */
@Singleton
public final class Signals {
  /** What a listener is told when hints may have been missed: look again. Never a payload. */
  public static final String LOST = "";

  /** How long a topic's name may be, in bytes of UTF-8. */
  public static final int MAX_TOPIC_BYTES = 200;

  /** How long a payload may be, in bytes of UTF-8; PostgreSQL carries 7,999 with our envelope. */
  public static final int MAX_PAYLOAD_BYTES = 7_500;

  private final Topics topics = new Topics();
  private final Peers peers;
  private final Outgoing outgoing;
  private final Incoming incoming;
  private final boolean alone;

  @Inject
  Signals(
      Database database,
      MeterRegistry meters,
      @ConfigProperty(name = "colloquy.database.embedded", defaultValue = "false") boolean alone) {
    this(database, meters, alone, SignalTiming.USUAL);
  }

  Signals(Database database, MeterRegistry meters, boolean alone, SignalTiming timing) {
    this.alone = alone;
    var counts = new SignalMetrics(meters);
    var node = UUID.randomUUID();
    peers = new Peers(timing);
    outgoing = new Outgoing(node, database, topics, counts, timing);
    incoming =
        new Incoming(node, database, new Heard(topics, peers, outgoing, counts), counts, timing);
  }

  void start(@Observes StartupEvent event) {
    start();
  }

  /** After those who still have something to say. */
  void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) ShutdownEvent event)
      throws InterruptedException {
    stop();
  }

  void start() {
    if (!alone) {
      outgoing.start();
      incoming.start();
    }
  }

  /** Says good-bye to the other nodes, if the database takes it within a second. */
  void stop() throws InterruptedException {
    if (!alone) {
      incoming.stop();
      outgoing.stop();
    }
  }

  /**
   * Hears every hint about the topic from now on, from this node and others. The listener gets the
   * payload, or {@link #LOST}; it runs on the publisher's thread or on the one that hears other
   * nodes, so it must neither block nor wait. Look in the database after subscribing, not before.
   *
   * @param topic as {@code conversation:<uuid>}
   * @throws IllegalArgumentException when the name is empty, or longer than {@value
   *     #MAX_TOPIC_BYTES} bytes
   */
  public Subscription subscribe(String topic, Consumer<String> listener) {
    checkTopic(topic);
    if (topics.add(topic, listener) && !alone) {
      outgoing.changed(topic);
    }
    return new Subscription() {
      private boolean closed;

      @Override
      public synchronized void close() {
        if (!closed && topics.remove(topic, listener) && !alone) {
          outgoing.changed(topic);
        }
        closed = true;
      }
    };
  }

  /**
   * Tells the topic's listeners: those of this node before it returns, those of other nodes soon
   * after. Hints about a topic arrive in the order in which one thread published them. Where no
   * other node listens, the database is not asked for anything.
   *
   * @param payload 1 to {@value #MAX_PAYLOAD_BYTES} bytes; not U+0000 or half a surrogate pair
   * @throws IllegalArgumentException when topic or payload are none
   */
  public void publish(String topic, String payload) {
    check(topic, payload);
    topics.tell(topic, payload);
    if (!alone && peers.watch(TopicHash.of(topic))) {
      outgoing.hint(topic, payload);
    }
  }

  /** As {@link #publish}, but sent to all nodes whether they listen or not: for what is rare. */
  public void broadcast(String topic, String payload) {
    check(topic, payload);
    topics.tell(topic, payload);
    if (!alone) {
      outgoing.hint(topic, payload);
    }
  }

  /** Whether anybody listens to the topic, here or, as far as is known, on another node. */
  public boolean isWatched(String topic) {
    return topics.isWatched(topic) || (!alone && peers.isWatched(TopicHash.of(topic)));
  }

  private static void check(String topic, String payload) {
    checkTopic(topic);
    // A payload that short is short enough in any letters; most are.
    if (payload.isEmpty()
        || payload.length() > MAX_PAYLOAD_BYTES
        || (payload.length() > MAX_PAYLOAD_BYTES / 3
            && payload.getBytes(UTF_8).length > MAX_PAYLOAD_BYTES)
        || !Text.isStorable(payload)) {
      throw new IllegalArgumentException("no payload: 1 to 7500 bytes of text are one");
    }
  }

  private static void checkTopic(String topic) {
    if (topic.isEmpty()
        || topic.length() > MAX_TOPIC_BYTES
        || (topic.length() > MAX_TOPIC_BYTES / 3 && topic.getBytes(UTF_8).length > MAX_TOPIC_BYTES)
        || !Text.isStorable(topic)) {
      throw new IllegalArgumentException("no topic: 1 to 200 bytes of text are one");
    }
  }
}

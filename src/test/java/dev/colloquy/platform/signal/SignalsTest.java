package dev.colloquy.platform.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes on one real PostgreSQL tell each other what changed. */
class SignalsTest {
  @RegisterExtension static final TestDatabase database = TestDatabase.empty();

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final SignalTiming QUICK =
      new SignalTiming(
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          Duration.ofMillis(5),
          Duration.ofSeconds(1));

  private static final SignalTiming SELDOM =
      new SignalTiming(
          Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, Duration.ofHours(1));

  private final List<Node> nodes = new ArrayList<>();
  private Node here;
  private Node there;

  /** A node, and what its meters say. */
  private record Node(Signals signals, SimpleMeterRegistry meters) {
    double count(String name) {
      return meters.counter("colloquy.signals." + name).count();
    }
  }

  @BeforeEach
  void start() {
    here = node(QUICK);
    there = node(QUICK);
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (var node : nodes) {
      node.signals().stop();
    }
  }

  private Node node(SignalTiming timing) {
    var meters = new SimpleMeterRegistry();
    var node = new Node(new Signals(database.database(), meters, false, timing), meters);
    node.signals().start();
    nodes.add(node);
    return node;
  }

  private static ConcurrentLinkedQueue<String> listen(Node node, String topic) {
    var heard = new ConcurrentLinkedQueue<String>();
    var _ = node.signals().subscribe(topic, heard::add);
    return heard;
  }

  private static void awaitInterest(Node publisher, String topic) {
    await().atMost(LIMIT).until(() -> publisher.signals().isWatched(topic));
  }

  private static List<String> hints(ConcurrentLinkedQueue<String> heard) {
    return heard.stream().filter(payload -> !payload.equals(Signals.LOST)).toList();
  }

  @Test
  void aHintReachesListenersHereAtOnceAndThoseOnOtherNodesSoon() {
    var local = listen(here, "conversation:a");
    var remote = listen(there, "conversation:a");
    awaitInterest(here, "conversation:a");

    here.signals().publish("conversation:a", "{\"seq\":7,\n\"text\":\"Grüße €😀 =3,5:x\"}");

    assertThat(hints(local)).containsExactly("{\"seq\":7,\n\"text\":\"Grüße €😀 =3,5:x\"}");
    await().atMost(LIMIT).until(() -> hints(remote).size() == 1);
    assertThat(hints(remote)).containsExactlyElementsOf(hints(local));
  }

  @Test
  void whatNobodyElsewhereListensToIsNotSent() {
    listen(here, "conversation:b");
    var remote = listen(there, "conversation:c");
    awaitInterest(here, "conversation:c");

    here.signals().publish("conversation:b", "1");
    here.signals().publish("conversation:nobody", "2");
    here.signals().publish("conversation:c", "3");

    await().atMost(LIMIT).until(() -> hints(remote).contains("3"));
    assertThat(here.count("sent")).isEqualTo(1);
    assertThat(there.count("received")).isEqualTo(1);
  }

  @Test
  void whoStopsListeningTellsTheOthersAndHearsNothingMore() {
    // Nothing is said but once, and nobody forgotten.
    here = node(SELDOM);
    there = node(SELDOM);
    var heard = new ConcurrentLinkedQueue<String>();
    var subscription = there.signals().subscribe("conversation:d", heard::add);
    awaitInterest(here, "conversation:d");

    subscription.close();
    subscription.close();

    await().atMost(LIMIT).until(() -> !here.signals().isWatched("conversation:d"));
    here.signals().broadcast("conversation:d", "1");
    there.signals().publish("conversation:d", "2");
    var after = listen(there, "turns");
    awaitInterest(here, "turns");
    here.signals().publish("turns", "3");
    await().atMost(LIMIT).until(() -> hints(after).size() == 1);
    assertThat(hints(heard)).isEmpty();
  }

  @Test
  void oneOfTwoEqualListenersThatGoesLeavesTheOther() {
    var heard = new ConcurrentLinkedQueue<String>();
    Consumer<String> listener = heard::add;
    var first = here.signals().subscribe("turns", listener);
    var _ = here.signals().subscribe("turns", listener);

    first.close();
    first.close();
    here.signals().publish("turns", "1");

    assertThat(heard).containsExactly("1");
  }

  @Test
  void aBroadcastReachesANodeOfWhichNothingIsKnown() throws InterruptedException {
    var remote = listen(there, "turns");
    awaitInterest(here, "turns");
    var stranger = node(QUICK);

    stranger.signals().broadcast("turns", "stopped");

    await().atMost(LIMIT).until(() -> hints(remote).contains("stopped"));
  }

  @Test
  void hintsAboutATopicArriveInTheirOrder() {
    var remote = listen(there, "conversation:e");
    awaitInterest(here, "conversation:e");
    var sent = IntStream.range(0, 20_000).mapToObj(Integer::toString).toList();

    sent.forEach(payload -> here.signals().publish("conversation:e", payload));

    await().atMost(LIMIT).until(() -> hints(remote).size() == sent.size());
    assertThat(hints(remote)).containsExactlyElementsOf(sent);
  }

  @Test
  void equalHintsAreNotTakenForOne() {
    var remote = listen(there, "conversation:f");
    awaitInterest(here, "conversation:f");
    // So long that each is a notification of its own: PostgreSQL drops equal ones of a transaction.
    var same = "x".repeat(Signals.MAX_PAYLOAD_BYTES);

    for (var i = 0; i < 50; i++) {
      here.signals().publish("conversation:f", same);
    }

    await().atMost(LIMIT).until(() -> hints(remote).size() == 50);
  }

  @Test
  void aPayloadOfTheGreatestLengthArrivesAndALongerOneIsRefused() {
    var topic = "t".repeat(Signals.MAX_TOPIC_BYTES);
    var remote = listen(there, topic);
    awaitInterest(here, topic);
    var ascii = "x".repeat(Signals.MAX_PAYLOAD_BYTES);
    var euros = "€".repeat(Signals.MAX_PAYLOAD_BYTES / 3);

    here.signals().publish(topic, ascii);
    here.signals().publish(topic, euros);

    await().atMost(LIMIT).until(() -> hints(remote).size() == 2);
    assertThat(hints(remote)).containsExactly(ascii, euros);
    for (var bad : List.of("", ascii + "x", euros + "€", "\0", "half \ud83d")) {
      assertThatThrownBy(() -> here.signals().publish("turns", bad))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> here.signals().broadcast(topic + "x", "1"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aHintThatCrossedTheWordThatSomebodyListensIsMadeGood() {
    var heard = new ConcurrentLinkedQueue<String>();
    // As often as it takes to publish while the word is under way, which is nearly always.
    for (var i = 0; i < 20; i++) {
      var topic = "conversation:crossing-" + i;
      var _ = there.signals().subscribe(topic, payload -> heard.add(topic));
      here.signals().publish(topic, "1");
    }

    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(heard)
                .contains(
                    IntStream.range(0, 20)
                        .mapToObj(i -> "conversation:crossing-" + i)
                        .toArray(String[]::new)));
  }

  @Test
  void whenTheListeningConnectionIsCutListenersLookAgainAndHearLaterHints() {
    var local = listen(here, "conversation:g");
    var remote = listen(there, "conversation:g");
    awaitInterest(here, "conversation:g");
    awaitInterest(there, "conversation:g");
    local.clear();
    remote.clear();

    var killed = terminateListeners(database.database());

    assertThat(killed).isGreaterThanOrEqualTo(2);
    await()
        .atMost(LIMIT)
        .until(() -> local.contains(Signals.LOST) && remote.contains(Signals.LOST));
    here.signals().publish("conversation:g", "after");
    await().atMost(LIMIT).until(() -> hints(remote).contains("after"));
    assertThat(there.count("reconnects")).isGreaterThanOrEqualTo(1);
  }

  private static int terminateListeners(Database database) {
    return database.read(tx ->
        tx.createQuery(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where application_name = 'colloquy signals' and datname = current_database()
                """)
            .mapTo(Integer.class)
            .one());
  }

  @Test
  void aListenersFaultKeepsNothingFromTheOthers() {
    var _ =
        here.signals()
            .subscribe(
                "turns",
                payload -> {
                  throw new IllegalStateException("a fault of the test");
                });
    var heard = listen(here, "turns");

    here.signals().publish("turns", "1");

    assertThat(heard).containsExactly("1");
  }

  @Test
  void tenThousandTopicsAreAnnouncedAndTenThousandHintsDelivered() {
    var heard = new ConcurrentHashMap<String, String>();
    var topics = IntStream.range(0, 10_000).mapToObj(i -> "conversation:many-" + i).toList();
    var subscriptions = new ArrayList<Subscription>();
    for (var topic : topics) {
      subscriptions.add(there.signals().subscribe(topic, payload -> heard.put(topic, payload)));
    }
    await()
        .atMost(LIMIT)
        .until(() -> topics.stream().allMatch(topic -> here.signals().isWatched(topic)));
    heard.clear();

    topics.forEach(topic -> here.signals().publish(topic, topic));

    await().atMost(LIMIT).until(() -> heard.size() == topics.size());
    assertThat(heard).containsAllEntriesOf(Map.of("conversation:many-0", "conversation:many-0"));
    subscriptions.forEach(Subscription::close);
    await()
        .atMost(LIMIT)
        .until(() -> topics.stream().noneMatch(topic -> here.signals().isWatched(topic)));
  }

  @Test
  void aNodeThatStopsIsForgottenAndItsThreadsEnd() throws InterruptedException {
    listen(there, "conversation:h");
    awaitInterest(here, "conversation:h");
    var before = threads();

    there.signals().stop();

    await().atMost(Duration.ofSeconds(1)).until(() -> !here.signals().isWatched("conversation:h"));
    assertThat(threads()).isEqualTo(before - 2);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("signals-") && thread.isAlive())
        .count();
  }

  @Test
  void aNodeThatRepeatsItselfIsRememberedAndASilentOneForgotten() {
    var silent = node(SELDOM);
    listen(silent, "conversation:silent");
    listen(there, "conversation:speaking");
    awaitInterest(here, "conversation:silent");

    await().atMost(LIMIT).until(() -> !here.signals().isWatched("conversation:silent"));

    assertThat(here.signals().isWatched("conversation:speaking")).isTrue();
  }

  @Test
  void aNodeAloneTellsItsOwnListenersAndOpensNoConnection() throws InterruptedException {
    var before = threads();
    var alone = new Signals(database.database(), new SimpleMeterRegistry(), true, QUICK);
    var heard = new ConcurrentLinkedQueue<String>();
    alone.start();
    var _ = alone.subscribe("turns", heard::add);
    alone.publish("turns", "1");
    alone.broadcast("turns", "2");
    assertThat(threads()).isEqualTo(before);
    assertThat(heard).containsExactly("1", "2");
    assertThat(alone.isWatched("turns")).isTrue();
    assertThat(alone.isWatched("conversation:x")).isFalse();
    alone.stop();
  }
}

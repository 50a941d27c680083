package dev.colloquy.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.conversation.EventSignals;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.job.Jobs;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deliveries whose provider fails, on a clock that the test moves. */
@ServerTest
class DispatcherTest {
  @Inject Database database;
  @Inject EventSignals signals;
  @Inject Instance<Jobs> jobs;
  @Inject DeliveryConfig config;

  private final MovedClock clock = new MovedClock();
  private Api agent;

  @BeforeEach
  void makeAgent() {
    agent = Api.newAgent();
  }

  /** A clock that stands still until it is moved. */
  private static final class MovedClock extends Clock {
    private Instant now = Instant.now();

    void moveTo(Instant next) {
      if (next.isAfter(now)) {
        now = next;
      }
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** A provider that does as the test says, and remembers what it took. */
  private static final class Scripted implements ChannelProvider {
    final List<Outgoing> taken = new ArrayList<>();
    private final boolean dropsRepeats;
    private Function<Outgoing, SendResult> rule;
    private int attempts;

    Scripted(boolean dropsRepeats) {
      this.dropsRepeats = dropsRepeats;
      this.rule = this::take;
    }

    SendResult take(Outgoing outgoing) {
      taken.add(outgoing);
      return new SendResult.Accepted("x-" + outgoing.id());
    }

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public boolean dropsRepeats() {
      return dropsRepeats;
    }

    @Override
    public SendResult send(Outgoing outgoing) {
      attempts++;
      return rule.apply(outgoing);
    }
  }

  private Dispatcher dispatcher(ChannelProvider provider) {
    return new Dispatcher(
        database, List.of(provider), signals, jobs, config, new SimpleMeterRegistry(), clock);
  }

  /** A conversation with so many deliveries that wait, oldest first; no job of the server's. */
  private List<DeliveryId> queued(int count) {
    var address = Unique.email();
    String conversation = null;
    for (var i = 0; i < count; i++) {
      conversation =
          agent
              .post(
                  "/external/conversations/start",
                  Map.of(
                      "firstName", "Grace",
                      "lastName", "Hopper",
                      "channel", "email",
                      "email", address,
                      "emailSubject", "Hi",
                      "emailIntroduction", "Number " + i))
              .path("conversationId");
    }
    var id = UUID.fromString(conversation);
    return database.inTransaction(tx ->
        tx
            .createQuery(
                """
                with changed as (
                  update delivery set status = 'queued', provider = 'scripted'
                  where conversation_id = :id
                  returning id)
                select id from changed order by id
                """)
            .bind("id", id)
            .mapTo(UUID.class)
            .list()
            .stream()
            .map(DeliveryId::new)
            .toList());
  }

  /** Does what the jobs do, the clock moved to when each is due, until all are done. */
  private void runAll(Dispatcher dispatcher, List<DeliveryId> deliveries) throws Exception {
    Map<DeliveryId, Instant> due = new HashMap<>();
    deliveries.forEach(id -> due.put(id, clock.instant()));
    while (!due.isEmpty()) {
      var next = due.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
      clock.moveTo(due.remove(next));
      dispatcher.dispatch(next).ifPresent(when -> due.put(next, when));
    }
  }

  private String column(DeliveryId id, String column) {
    return database.read(tx ->
        tx.createQuery("select * from delivery where id = :id")
            .bind("id", id.value())
            .map((row, _) -> row.getString(column))
            .one());
  }

  @Test
  void aProviderThatIsDownForAnHourGetsEverythingOnceAndInOrder() throws Exception {
    var provider = new Scripted(false);
    var up = clock.instant().plus(Duration.ofHours(1));
    provider.rule =
        outgoing ->
            clock.instant().isBefore(up)
                ? new SendResult.Retryable("down", null)
                : provider.take(outgoing);
    var all = new ArrayList<DeliveryId>();
    for (var i = 0; i < 8; i++) {
      all.addAll(queued(3));
    }

    runAll(dispatcher(provider), all);

    assertThat(provider.taken.stream().map(Outgoing::id)).containsExactlyInAnyOrderElementsOf(all);
    assertThat(
            provider.taken.stream()
                .collect(
                    Collectors.groupingBy(
                        Outgoing::conversation,
                        Collectors.mapping(Outgoing::body, Collectors.toList())))
                .values())
        .hasSize(8)
        .allMatch(bodies -> bodies.equals(List.of("Number 0", "Number 1", "Number 2")));
    assertThat(all).allMatch(id -> column(id, "status").equals("sent"));
    assertThat(all).allMatch(id -> column(id, "external_id").equals("x-" + id));
    // It was not asked all the time either: with a wait of up to ten minutes about a dozen times.
    assertThat(provider.attempts).isLessThan(8 * 25);
    assertThat(Duration.between(up, clock.instant())).isLessThan(Duration.ofMinutes(15));
  }

  @Test
  void whatIsNeverTakenIsGivenUpAfterADay() throws Exception {
    var provider = new Scripted(false);
    provider.rule = _ -> new SendResult.Retryable("down", null);
    var start = clock.instant();
    var one = queued(1);
    runAll(dispatcher(provider), one);
    assertThat(column(one.getFirst(), "status")).isEqualTo("failed");
    assertThat(column(one.getFirst(), "reason")).isEqualTo("down");
    assertThat(Duration.between(start, clock.instant()))
        .isBetween(Duration.ofHours(23), Duration.ofHours(24));
  }

  @Test
  void aProviderIsLeftAloneAsLongAsItAsks() throws Exception {
    var provider = new Scripted(false);
    provider.rule = _ -> new SendResult.Retryable("busy", Duration.ofHours(2));
    var one = queued(1).getFirst();
    var next = dispatcher(provider).dispatch(one).orElseThrow();
    // The database keeps milliseconds.
    assertThat(Duration.between(clock.instant(), next))
        .isCloseTo(Duration.ofHours(2), Duration.ofMillis(2));
  }

  /** As a node leaves it that dies while it waits for the provider. */
  private DeliveryId interrupted() {
    var one = queued(1).getFirst();
    database.useTransaction(tx ->
        tx.createUpdate(
                "update delivery set attempts = 1, attempt_started_at = now() where id = :id")
            .bind("id", one.value())
            .execute());
    return one;
  }

  @Test
  void anAttemptThatANodeDiedInIsMadeAgainWhereRepeatsAreDropped() throws Exception {
    var provider = new Scripted(true);
    var one = interrupted();
    assertThat(dispatcher(provider).dispatch(one)).isEmpty();
    assertThat(provider.taken).hasSize(1);
    assertThat(column(one, "status")).isEqualTo("sent");
    assertThat(column(one, "attempts")).isEqualTo("2");
  }

  @Test
  void anAttemptThatANodeDiedInIsNotMadeAgainWhereRepeatsArrive() throws Exception {
    var provider = new Scripted(false);
    var one = interrupted();
    assertThat(dispatcher(provider).dispatch(one)).isEmpty();
    assertThat(dispatcher(provider).dispatch(one)).isEmpty();
    assertThat(provider.attempts).isZero();
    assertThat(column(one, "status")).isEqualTo("unknown");
    assertThat(column(one, "reason")).isEqualTo("interrupted");
  }

  @Test
  void anEndThatNobodyKnowsIsTriedAgainOnlyWhereRepeatsAreDropped() throws Exception {
    for (var dropsRepeats : new boolean[] {true, false}) {
      var provider = new Scripted(dropsRepeats);
      provider.rule =
          outgoing ->
              provider.attempts == 1 ? new SendResult.Ambiguous("lost") : provider.take(outgoing);
      var two = queued(2);
      runAll(dispatcher(provider), two);
      assertThat(column(two.getFirst(), "status")).isEqualTo(dropsRepeats ? "sent" : "unknown");
      assertThat(column(two.getLast(), "status")).isEqualTo("sent");
      assertThat(provider.attempts).isEqualTo(dropsRepeats ? 3 : 2);
    }
  }

  @Test
  void aRefusalEndsOneDeliveryAndLetsTheNextGo() throws Exception {
    var provider = new Scripted(false);
    provider.rule =
        outgoing ->
            outgoing.body().equals("Number 0")
                ? new SendResult.Rejected("no")
                : provider.take(outgoing);
    var two = queued(2);
    runAll(dispatcher(provider), two);
    assertThat(column(two.getFirst(), "status")).isEqualTo("failed");
    assertThat(column(two.getLast(), "status")).isEqualTo("sent");
  }
}

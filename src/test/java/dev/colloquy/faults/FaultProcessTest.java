package dev.colloquy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.OwnPostgres;
import dev.colloquy.testing.ServerProcess;
import dev.colloquy.testing.StubModelServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers on one database that die, freeze, stop and lose it, while clients write, take over,
 * cancel and read. {@code ./colloquy test faults} plays it long; here it is short.
 */
class FaultProcessTest {
  private static final Pattern MARKER = Pattern.compile("q-\\d+-\\d+");
  private static final String ORGANIZATION = "cq_org_" + UUID.randomUUID();

  private final FaultSettings settings = FaultSettings.ofProperties();
  private final Ledger ledger = new Ledger();
  private final StubModelServer stub = StubModelServer.start().withoutRecording();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicLong calls = new AtomicLong();

  @TempDir Path dir;

  @AfterEach
  void close() {
    isOver.set(true);
    stub.close();
    threads.shutdownNow();
  }

  @Test
  void nothingIsLostDoubledOrOutOfOrderWhateverDies() throws Exception {
    System.out.println("faults: " + settings);
    stub.always(request -> answer(request.body().path("messages")));
    try (var postgres = OwnPostgres.start(dir.resolve("postgres"));
        var nodes = new Nodes(FaultSettings.NODES, () -> server(postgres))) {
      var first = nodes.all().getFirst();
      first.start(); // alone, since it makes the tables and the organization
      first.stop(); // leaves its classes in an archive, by which all start sooner
      for (var node : nodes.all()) {
        node.start();
      }
      play(postgres, nodes);
    }
  }

  private void play(OwnPostgres postgres, Nodes nodes) throws Exception {
    var agent = newAgent(new Client(nodes, ledger, ORGANIZATION));
    var client = new Client(nodes, ledger, agent.key());
    var conversations = newConversations(client);
    var readers = new Readers(nodes, client, agent.key(), conversations);
    var actors = new ArrayList<Future<?>>();
    for (var i = 0; i < conversations.size(); i++) {
      var seed = settings.seed() + 1 + i;
      actors.add(
          threads.submit(
              new Actor(i, conversations.get(i), client, ledger, seed, threads, isOver::get)));
    }
    var recovery = new Recovery(postgres, threads);
    var faults = new Faults(settings, nodes, postgres, recovery, threads);
    faults.run();
    isOver.set(true);
    client.giveUpAfter(FaultSettings.SETTLING);
    for (var actor : actors) {
      actor.get(FaultSettings.SETTLING.toSeconds() + 60, TimeUnit.SECONDS);
    }
    var tables = settled(postgres, agent.id());
    readers.finish(tables);

    var checks = new Checks(ledger, tables);
    var findings = checks.run();
    readers.check(checks);
    check(checks, client, tables);
    report(nodes, faults, recovery, tables, findings);
    assertThat(findings.all()).isEmpty();
    assertThat(faults.kills()).as("kills in time").isEqualTo(settings.kills());
  }

  private void report(
      Nodes nodes, Faults faults, Recovery recovery, Tables tables, Findings findings) {
    System.out.printf(
        "faults: failed-starts=%d clients=%s%n", nodes.failedStarts(), ledger.counts());
    System.out.printf(
        "faults: seed=%d messages=%d take-overs=%d %s %s recovered=%d longest-recovery=%.1fs%n",
        settings.seed(),
        tables.messages().size(),
        ledger.takeOvers().size(),
        faults,
        findings,
        recovery.count(),
        recovery.longest(tables.ends()).toMillis() / 1000.0);
  }

  private ServerProcess.Builder server(OwnPostgres postgres) {
    return ServerProcess.over(dir.resolve("data"))
        .jvm(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + dir.resolve("classes.jsa"))
        .with("colloquy.database.url", postgres.jdbcUrl())
        .with("colloquy.database.username", postgres.username())
        .with("colloquy.database.password", postgres.password())
        .with("colloquy.bootstrap.organization-key", ORGANIZATION)
        .with("colloquy.model.openai.base-url", stub.baseUrl(ModelProtocol.OPENAI))
        .with("colloquy.model.openai.api-key", "sk-faults")
        .with("colloquy.model.attempts", "2")
        .with("colloquy.model.timeout", "3s")
        .with("colloquy.turn.lease", FaultSettings.LEASE.toMillis() + "ms")
        .with("colloquy.turn.time-limit", "20s")
        .with("colloquy.stream.heartbeat", "1s")
        .with("colloquy.closing.idle-time", "2h")
        .with("quarkus.datasource.jdbc.max-size", "8")
        .with("colloquy.turn.starting", "6")
        .with("quarkus.datasource.jdbc.acquisition-timeout", "5s");
  }

  /** The model: late, sometimes broken, and saying which question it answers. */
  private ModelAnswer answer(Iterable<com.fasterxml.jackson.databind.JsonNode> messages) {
    var random = new SplittableRandom(settings.seed() + calls.incrementAndGet());
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(300)).toNanos());
    var asked = "";
    for (var message : messages) {
      asked = message.path("content").asText();
    }
    var question = MARKER.matcher(asked).results().reduce((_, last) -> last);
    var reply = ModelAnswer.reply("Answer to ", question.map(q -> q.group()).orElse("?"), ".");
    return switch (random.nextInt(100)) {
      case 0, 1, 2, 3 -> ModelAnswer.status(500, "{}");
      case 4, 5 -> reply.ending(ModelAnswer.Ending.RESET);
      case 6 -> random.nextBoolean() ? new ModelAnswer.Silence() : reply;
      default -> reply;
    };
  }

  private record Agent(UUID id, String key) {}

  private static Agent newAgent(Client organization) throws InterruptedException {
    var random = new SplittableRandom(0);
    var roles = organization.read(random, "/external/agent-roles/by-api-key");
    var fields =
        Map.of(
            "roleId", roles.path(0).path("id").asText(),
            "name", "Faults",
            "publicName", "Ada",
            "model", "openai:stub",
            "isFileSearchEnabled", false,
            "outputJsonSchema", "");
    var made = organization.write(random, "POST", "/external/agents", fields);
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    return new Agent(
        UUID.fromString(made.body().path("id").asText()), made.body().path("agentApiKey").asText());
  }

  private static List<String> newConversations(Client client) throws InterruptedException {
    var random = new SplittableRandom(0);
    var conversations = new ArrayList<String>();
    for (var i = 0; i < FaultSettings.CONVERSATIONS; i++) {
      var user =
          client.write(
              random,
              "POST",
              "/external/users",
              Map.of("firstName", "Grace", "lastName", "Hopper", "fkId", "user-" + i));
      var made =
          client.write(
              random,
              "POST",
              "/external/conversations",
              Map.of("conversationUserId", user.body().path("id").asText()));
      assertThat(made.status()).as("%s", made).isEqualTo(201);
      conversations.add(made.body().path("id").asText());
    }
    return conversations;
  }

  /** The tables once no turn is open, or as they are when that takes too long. */
  private static Tables settled(OwnPostgres postgres, UUID agent) throws SQLException {
    var deadline = System.nanoTime() + FaultSettings.SETTLING.toNanos();
    while (true) {
      try (var database = postgres.connect()) {
        var tables = Tables.read(database, agent);
        if (!tables.hasOpenTurns() || System.nanoTime() > deadline) {
          return tables;
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  /** The API says of conversations and questions what the tables say. */
  private void check(Checks checks, Client client, Tables tables) throws InterruptedException {
    var random = new SplittableRandom(settings.seed());
    for (var message : tables.messages()) {
      if (message.isQuestion()) {
        var path =
            "/external/conversations/%s/messages/%s/response-on"
                .formatted(message.conversation(), message.id());
        var said = client.read(random, path);
        checks.responseOn(message, said.path("status").asText());
      }
    }
    for (var conversation : tables.feeds().keySet()) {
      var read = new ArrayList<Reader.Seen>();
      for (var after = "0"; true; ) {
        var page =
            client.read(
                random,
                "/external/conversations/%s/events?after=%s&limit=500"
                    .formatted(conversation, after));
        if (page.path("data").isEmpty()) {
          break;
        }
        page.path("data").forEach(event -> read.add(Reader.Seen.of(event)));
        after = page.path("nextCursor").asText();
      }
      checks.conversationFeed("the pages", conversation, read);
    }
  }

  /** A stream of each conversation, and the agent's feed twice. */
  private final class Readers {
    private final Map<String, Reader> ofConversations = new java.util.LinkedHashMap<>();
    private final List<Reader> ofAgent = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();

    Readers(Nodes nodes, Client client, String key, List<String> conversations) {
      var seed = settings.seed() + 1_000;
      for (var conversation : conversations) {
        var reader = new Reader(nodes, client, ledger, key, seed++);
        ofConversations.put(conversation, reader);
        running.add(threads.submit(() -> reader.followConversation(conversation)));
      }
      for (var i = 0; i < 2; i++) {
        var reader = new Reader(nodes, client, ledger, key, seed++);
        ofAgent.add(reader);
        running.add(threads.submit(reader::followAgent));
      }
    }

    /** Lets them read what is left, for a while, and ends them. */
    void finish(Tables tables) throws Exception {
      var feeds = tables.feeds();
      var all = feeds.values().stream().mapToInt(List::size).sum();
      var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (System.nanoTime() < deadline
          && (ofAgent.stream().anyMatch(reader -> reader.count() < all)
              || ofConversations.entrySet().stream()
                  .anyMatch(one -> one.getValue().count() < feeds.get(one.getKey()).size()))) {
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
      ofConversations.values().forEach(Reader::stop);
      ofAgent.forEach(Reader::stop);
      for (var one : running) {
        one.get(30, TimeUnit.SECONDS);
      }
    }

    void check(Checks checks) {
      ofConversations.forEach((conversation, reader) ->
          checks.conversationFeed("the stream", conversation, reader.seen()));
      ofAgent.forEach(reader -> checks.agentFeed("the agent's feed", reader.seen()));
    }
  }
}

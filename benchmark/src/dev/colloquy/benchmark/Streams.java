package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Measures {@code GET /external/conversations/{id}/events}: what thousands of streams on which
 * nothing happens cost the server, and how soon an event reaches its reader. See
 * benchmark/README.md.
 */
final class Streams {
  private static final String BODY = "{\"message\":\"How long does delivery take?\"}";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final double MOST_MIB = 1_024;

  private static final String HELP =
      """
      usage: benchmark/run streams [options]
        --quick                  a smoke run: 200 streams for 5 s, no result file
        --streams N              how many, each of a conversation of its own (10000)
        --hold SECONDS           how long nothing happens on them (60)
        --sends N                messages into conversations chosen at random (200)
        --jvm "OPTION ..."       of the server's JVM (those of ./colloquy serve)
        --server KEY=VALUE       a further setting of the server; may be repeated
        --date STAMP             in the name of the result (now)
      """;

  private final Settings settings;
  private final int streams;
  private final int hold;
  private final int sends;
  private final Child stub;
  private final Postgres postgres;
  private final Server server;
  private final StreamClient client;
  private final List<String> ids;
  private final List<String> lines = new ArrayList<>();
  private final Histogram stored = new Histogram();
  private final Histogram answered = new Histogram();
  private final Histogram afterAnswer = new Histogram();

  private Streams(Settings settings, int hold, int sends) throws IOException, InterruptedException {
    this.settings = settings;
    this.streams = settings.conversations();
    this.hold = hold;
    this.sends = sends;
    var cleanup = new Cleanup();
    var folder = cleanup.folder();
    stub = cleanup.add(Child.start(StubModel.class));
    var stubPort = Integer.parseInt(stub.hear("listening", Duration.ofSeconds(20)));
    Bench.say("PostgreSQL and the server start");
    postgres = new Postgres(folder, cleanup);
    server = new Server(settings, folder, postgres.serverSettings(), stubPort, cleanup);
    Bench.say(streams + " conversations are made");
    ids = Conversations.create(server, settings);
    client = cleanup.add(new StreamClient(server.port()));
  }

  /** Exit code 1 when it could not be run, a stream was lost, or the memory was more than 1 GiB. */
  public static void main(String... args) {
    System.exit(run(new ArrayList<>(List.of(args))));
  }

  private static int run(List<String> words) {
    if (words.contains("--help")) {
      System.out.print(HELP);
      return 0;
    }
    try {
      var quick = words.contains("--quick");
      var streams = take(words, "--streams", quick ? 200 : 10_000);
      var hold = take(words, "--hold", quick ? 5 : 60);
      var sends = take(words, "--sends", quick ? 20 : 200);
      // What only the other benchmark uses must fit its own check.
      words.addAll(
          List.of("--conversations", "" + streams, "--at-once", "1", "--open-connections", "1"));
      words.addAll(List.of("--connections", "1", "--clients", "1"));
      var root = Path.of(System.getProperty("benchmark.root"));
      var settings = Settings.parse(root, words.toArray(String[]::new));
      return new Streams(settings, hold, sends).measure() ? 0 : 1;
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + HELP);
      return 2;
    } catch (IOException e) {
      System.err.println("The benchmark could not be run: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      return 1;
    }
  }

  private static int take(List<String> words, String option, int usual) {
    var at = words.indexOf(option);
    if (at < 0) {
      return usual;
    }
    if (at + 1 == words.size()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    words.remove(at);
    return Integer.parseInt(words.remove(at));
  }

  private boolean measure() throws IOException, InterruptedException {
    lines.add("| what | measured |");
    lines.add("| --- | --- |");
    row("memory before (VmRSS)", Proc.memoryMib(server.pid()) + " MiB");
    openAll();
    holdStill();
    var late = sendSome();
    var peak = Proc.peakMemoryMib(server.pid());
    row("most memory, start and set-up included (VmHWM)", peak + " MiB");
    row("streams lost, events late", client.broken() + ", " + late);
    write();
    if (client.broken() + late > 0) {
      System.err.println("the end of the server's log:\n" + server.logEnd());
    }
    return client.broken() == 0 && late == 0 && peak <= MOST_MIB;
  }

  private void openAll() throws IOException, InterruptedException {
    Bench.say(streams + " streams are opened");
    var start = System.nanoTime();
    client.open(
        ids.stream().map(id -> "/external/conversations/" + id + "/events").toList(),
        String.join(": ", server.agentHeader()));
    var seconds = (System.nanoTime() - start) / 1e9;
    row("streams", Integer.toString(streams));
    row("opened in", "%.1f s".formatted(seconds));
    row("memory with all open (VmRSS)", Proc.memoryMib(server.pid()) + " MiB");
  }

  private void holdStill() throws InterruptedException {
    Bench.say("nothing happens for " + hold + " s");
    var beats = client.beats();
    var events = client.events();
    var before = usage();
    TimeUnit.SECONDS.sleep(hold);
    var usage = usage().since(before);
    var seconds = usage.nanos() / 1e9;
    row("held for", "%.0f s".formatted(seconds));
    row("heartbeats read", Long.toString(client.beats() - beats));
    row("events read meanwhile", Long.toString(client.events() - events));
    row("CPU of the server while idle", share(usage.server() / seconds));
    row("CPU of PostgreSQL while idle", share(usage.postgres() / seconds));
    row("memory after (VmRSS)", Proc.memoryMib(server.pid()) + " MiB");
    row("foreign CPU, of the whole machine", "%.0f %%".formatted(usage.foreignShare() * 100));
  }

  private static String share(double millisPerSecond) {
    return "%.1f %% of a core".formatted(millisPerSecond / 10);
  }

  // The load process of Usage does not exist here: this process reads the streams itself.
  private Usage usage() {
    return new Usage(
        Proc.cpuMillis(server.pid()),
        Proc.familyMillis(postgres.pid()),
        Proc.cpuMillis(stub.pid()),
        0,
        Proc.ownCpuMillis(),
        Proc.machineBusyMillis(),
        System.nanoTime());
  }

  /** Returns how many events did not come in time. */
  private int sendSome() throws IOException, InterruptedException {
    Bench.say(sends + " messages are sent");
    var random = new Random(1);
    var late = 0;
    for (var i = 0; i < sends; i++) {
      late += send(random.nextInt(streams));
    }
    row("messages sent, one after the other", Integer.toString(sends));
    row("from sending to the question's event", quantiles(stored));
    row("from sending to the answer 201", quantiles(answered));
    row("from the answer 201 to the reply's event (0: not after it)", quantiles(afterAnswer));
    return late;
  }

  private int send(int stream) throws IOException, InterruptedException {
    var times = client.watch(stream);
    var path = "/external/conversations/" + ids.get(stream) + "/messages";
    var start = System.nanoTime();
    var _ = server.http().require("POST", path, server.agentHeader(), BODY);
    var end = System.nanoTime();
    answered.add(end - start);
    var question = times.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    var reply = times.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    client.ignore(stream);
    if (question == null || reply == null) {
      return 1;
    }
    stored.add(question - start);
    afterAnswer.add(reply - end);
    return 0;
  }

  private static String quantiles(Histogram times) {
    return "p50 %.1f ms, p99 %.1f ms, max %.1f ms"
        .formatted(times.quantileMillis(0.5), times.quantileMillis(0.99), times.maxMillis());
  }

  private void row(String what, String measured) {
    lines.add("| " + what + " | " + measured + " |");
    Bench.say(what + ": " + measured);
  }

  private void write() throws IOException, InterruptedException {
    var text =
        """
        # Benchmark `streams`, %s

        The server with %s and %s on %d cores (%s), %d MiB. How to read it: benchmark/README.md.

        %s
        """
            .formatted(
                settings.stamp(),
                settings.jvm(),
                postgres.version(),
                Runtime.getRuntime().availableProcessors(),
                Proc.processor(),
                Proc.machineMemoryMib(),
                String.join("\n", lines));
    System.out.println("\n" + text);
    if (!settings.quick()) {
      var folder = Files.createDirectories(settings.root().resolve("benchmark/results"));
      var file = Files.writeString(folder.resolve(settings.stamp() + "-streams.md"), text);
      System.out.println("written to " + settings.root().relativize(file));
    }
  }
}

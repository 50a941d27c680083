package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures {@code POST /external/conversations/{id}/messages}: the packaged server on a PostgreSQL
 * of its own, with a stub model, against pgbench with the same statements. See benchmark/README.md.
 */
final class Send {
  private final Settings settings;
  private final Bench bench;
  private final List<Row> rounds = new ArrayList<>();
  private final List<Row> atOnce = new ArrayList<>();
  private final List<Row> fixedRates = new ArrayList<>();

  private Send(Settings settings, Bench bench) {
    this.settings = settings;
    this.bench = bench;
  }

  /**
   * Runs the benchmark; exit code 1 when it could not be run or messages were lost, 2 for a wrong
   * option.
   */
  public static void main(String... args) {
    System.exit(run(args));
  }

  private static int run(String... args) {
    if (List.of(args).contains("--help")) {
      System.out.print(Settings.HELP);
      return 0;
    }
    Settings settings;
    try {
      settings = Settings.parse(Path.of(System.getProperty("benchmark.root")), args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Settings.HELP);
      return 2;
    }
    try {
      return new Send(settings, new Bench(settings, new Cleanup())).measure() ? 0 : 1;
    } catch (IOException e) {
      System.err.println("The benchmark could not be run: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      return 1;
    }
  }

  /** Whether no message was lost. */
  private boolean measure() throws IOException, InterruptedException {
    warmUp();
    for (var round = 1; round <= settings.rounds(); round++) {
      Bench.say("round " + round + " of " + settings.rounds());
      measureInTurn();
    }
    atOnce();
    overload();
    new Report(settings, bench, rounds, atOnce, fixedRates).write();
    var errors =
        Stream.of(rounds, atOnce, fixedRates).flatMap(List::stream).mapToLong(Row::errors).sum();
    if (errors > 0) {
      System.err.println(
          errors + " messages had errors; the end of the server's log:\n" + bench.serverLog());
    }
    return errors == 0;
  }

  private void warmUp() throws IOException, InterruptedException {
    Bench.say("warm-up");
    var most = settings.connections().getLast();
    bench.measure("warm-up", new Plan.Closed(most, settings.warmUp()));
    bench.ceiling(settings.clients().getFirst(), Math.max(1, settings.pgbenchSeconds() / 2));
  }

  /** Server and pgbench by turns, so that a drift of the machine meets both. */
  private void measureInTurn() throws IOException, InterruptedException {
    var clients = settings.clients();
    var runs = settings.connections().size();
    for (var i = 0; i < runs; i++) {
      var connections = settings.connections().get(i);
      rounds.add(
          bench.measure(
              Bench.closedName(connections), new Plan.Closed(connections, settings.seconds())));
      for (var client :
          clients.subList(i * clients.size() / runs, (i + 1) * clients.size() / runs)) {
        rounds.add(bench.ceiling(client, settings.pgbenchSeconds()));
      }
    }
  }

  private void atOnce() throws IOException, InterruptedException {
    Bench.say("the model takes 1 s");
    bench.modelTakes(Duration.ofSeconds(1));
    var count = settings.atOnce();
    atOnce.add(bench.measure(count + " at once, model 1 s, first time", new Plan.AtOnce(count, 1)));
    atOnce.add(
        bench.measure(
            count + " at once, model 1 s, " + settings.atOnceRounds() + " times",
            new Plan.AtOnce(count, settings.atOnceRounds())));
    bench.modelTakes(Duration.ZERO);
  }

  private void overload() throws IOException, InterruptedException {
    var name = Bench.closedName(settings.connections().getLast());
    var capacity = Row.median(Bench.named(rounds, name)).rate();
    Bench.say("fixed rates; the capacity is " + Row.digits(capacity, 0) + " messages/s");
    for (var share : List.of(0.5, 2.0)) {
      var plan =
          new Plan.Open(settings.openConnections(), capacity * share, settings.openSeconds());
      fixedRates.add(
          bench.measure("offered %s x capacity (%.0f/s)".formatted(share, plan.rate()), plan));
    }
  }
}

package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures thousands of turns that wait for a slow model at the same time, each in a conversation
 * of its own. See benchmark/README.md.
 */
final class Inflight {
  private static final double MOST_MIB = 1_536;

  private static final String HELP =
      """
      usage: benchmark/run inflight [options]
        --quick                  a smoke run: 200 turns, no result file
        --turns N                at once, each in a conversation of its own (10000)
        --delay SECONDS          how long the model takes (5)
        --rounds N               how often, after a first time (3)
        --jvm "OPTION ..."       of the server's JVM (those of ./colloquy serve)
        --server KEY=VALUE       a further setting of the server; may be repeated
        --date STAMP             in the name of the result (now)
      """;

  private Inflight() {}

  /** Exit code 1 when it could not be run, a turn failed, or the memory was more than 1.5 GiB. */
  public static void main(String... args) {
    System.exit(run(new ArrayList<>(List.of(args))));
  }

  private static int run(List<String> words) {
    if (words.contains("--help")) {
      System.out.print(HELP);
      return 0;
    }
    try {
      var turns = Settings.take(words, "--turns", words.contains("--quick") ? "200" : "10000");
      var delay = Duration.ofSeconds(Integer.parseInt(Settings.take(words, "--delay", "5")));
      // What only the other benchmark uses must fit its own check.
      words.addAll(List.of("--conversations", turns, "--at-once", turns));
      words.addAll(List.of("--open-connections", "1", "--connections", "1", "--clients", "1"));
      // All come at the same moment: the last waits for the others to be stored, and is not
      // refused.
      words.addAll(List.of("--server", "colloquy.turn.burst-wait=60s"));
      words.addAll(List.of("--server", "colloquy.turn.overload-wait=60s"));
      var root = Path.of(System.getProperty("benchmark.root"));
      var settings = Settings.parse(root, words.toArray(String[]::new));
      return measure(settings, delay) ? 0 : 1;
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

  private static boolean measure(Settings settings, Duration delay)
      throws IOException, InterruptedException {
    var bench = new Bench(settings, new Cleanup());
    bench.modelTakes(delay);
    var turns = settings.atOnce();
    var name = "%d turns at once, model %d s".formatted(turns, delay.toSeconds());
    var rows =
        List.of(
            bench.measure(name + ", first time", new Plan.AtOnce(turns, 1)),
            bench.measure(
                name + ", " + settings.rounds() + " times",
                new Plan.AtOnce(turns, settings.rounds())));
    write(settings, bench, rows);
    var errors = rows.stream().mapToLong(row -> row.errors() + row.refused()).sum();
    if (errors > 0) {
      System.err.println(
          errors
              + " turns had errors or were refused; the end of the server's log:\n"
              + bench.serverLog());
    }
    return errors == 0 && rows.stream().allMatch(row -> row.peakMib() <= MOST_MIB);
  }

  private static void write(Settings settings, Bench bench, List<Row> rows)
      throws IOException, InterruptedException {
    var text =
        """
        # Benchmark `inflight`, %s

        The server with %s and %s on %d cores (%s), %d MiB. How to read it: benchmark/README.md.

        %s
        """
            .formatted(
                settings.stamp(),
                settings.jvm(),
                bench.postgresVersion(),
                Runtime.getRuntime().availableProcessors(),
                Proc.processor(),
                Proc.machineMemoryMib(),
                Report.table(rows));
    System.out.println("\n" + text);
    if (!settings.quick()) {
      var folder = Files.createDirectories(settings.root().resolve("benchmark/results"));
      var file = Files.writeString(folder.resolve(settings.stamp() + "-inflight.md"), text);
      System.out.println("written to " + settings.root().relativize(file));
    }
  }
}

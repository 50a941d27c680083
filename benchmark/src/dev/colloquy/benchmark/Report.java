package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Puts the measurements into words and a table, on the terminal and as a file in benchmark/results.
 */
final class Report {
  private final Settings settings;
  private final Bench bench;
  private final List<Row> rounds;
  private final List<Row> atOnce;
  private final List<Row> fixedRates;

  Report(Settings settings, Bench bench, List<Row> rounds, List<Row> atOnce, List<Row> fixedRates) {
    this.settings = settings;
    this.bench = bench;
    this.rounds = List.copyOf(rounds);
    this.atOnce = List.copyOf(atOnce);
    this.fixedRates = List.copyOf(fixedRates);
  }

  /** Prints the report; also writes it to a file, unless this was a smoke run. */
  void write() throws IOException, InterruptedException {
    var text = text();
    System.out.println("\n" + text);
    if (!settings.quick()) {
      var folder = Files.createDirectories(settings.root().resolve("benchmark/results"));
      var file = Files.writeString(folder.resolve(settings.stamp() + "-send.md"), text);
      System.out.println("written to " + settings.root().relativize(file));
    }
  }

  private String text() throws IOException, InterruptedException {
    var rows = new ArrayList<Row>();
    rounds.stream()
        .map(Row::name)
        .distinct()
        .forEach(name -> rows.add(Row.median(Bench.named(rounds, name))));
    rows.addAll(atOnce);
    rows.addAll(fixedRates);
    return """
    # Benchmark `send`, %s
    %s
    %s

    %s

    %s
    Medians of %d rounds (range of the rates in brackets); latencies are those of accepted messages. How to read it:
    benchmark/README.md.

    %s
    """
        .formatted(
            settings.stamp(),
            warnings(),
            ratios(),
            underLoad(),
            table(rows),
            settings.rounds(),
            facts());
  }

  private String warnings() throws IOException {
    var warnings = new ArrayList<String>();
    if (settings.quick()) {
      warnings.add("This was a smoke run: its figures mean nothing.");
    }
    if (bench.fileSystem().equals("tmpfs")) {
      warnings.add(
          "The database was on tmpfs, where fsync costs nothing: set -Djava.io.tmpdir to a disk.");
    }
    var foreign = rounds.stream().mapToDouble(Row::foreign).max().orElse(0);
    if (foreign > 0.1) {
      warnings.add(
          "Others took up to "
              + Row.digits(foreign * 100, 0)
              + " % of the CPU: the figures are noisy.");
    }
    if (fixedRates.stream().anyMatch(row -> row.unsent() > 0)) {
      warnings.add("The load had too few connections for its rate: raise --open-connections.");
    }
    return warnings.stream()
        .map(warning -> "\n**Beware: " + warning + "**\n")
        .collect(Collectors.joining());
  }

  /** Server against ceiling: of the medians, and round by round, since the machine drifts. */
  private String ratios() {
    var best =
        settings.clients().stream()
            .map(clients -> Row.median(Bench.named(rounds, "pgbench, " + clients + " clients")))
            .max(Comparator.comparing(Row::rate))
            .orElseThrow();
    return settings.connections().stream()
        .map(connections -> {
          var runs = Bench.named(rounds, Bench.closedName(connections));
          var rate = Row.median(runs).rate();
          return "**%s: %s of the ceiling** (%s of %s messages/s, %s; by round: %s)"
              .formatted(
                  Bench.closedName(connections),
                  Row.digits(rate / best.rate(), 2),
                  Row.digits(rate, 0),
                  Row.digits(best.rate(), 0),
                  best.name(),
                  ratiosByRound(runs));
        })
        .collect(Collectors.joining("  \n"));
  }

  /**
   * What callers see with many conversations at once, and when more is offered than can be done.
   */
  private String underLoad() {
    var many = atOnce.getLast();
    var half = fixedRates.getFirst();
    var twice = fixedRates.getLast();
    return """
    **%s**: p50 %s ms, p99 %s ms, %d errors\s\s
    **%s**: %s %% refused with 429; accepted ones p50 %s ms, p99 %s ms, \
    in the second half of the time p50 %s ms, p99 %s ms (%s: p50 %s ms, p99 %s ms)\
    """
        .formatted(
            many.name(),
            Row.digits(many.p50(), 0),
            Row.digits(many.p99(), 0),
            many.errors(),
            twice.name(),
            Row.digits(twice.refusedShare() * 100, 0),
            Row.digits(twice.p50(), 1),
            Row.digits(twice.p99(), 1),
            Row.digits(twice.lateP50(), 1),
            Row.digits(twice.lateP99(), 1),
            half.name(),
            Row.digits(half.p50(), 1),
            Row.digits(half.p99(), 1));
  }

  private String ratiosByRound(List<Row> runs) {
    return IntStream.range(0, runs.size())
        .mapToObj(round -> {
          var best =
              settings.clients().stream()
                  .mapToDouble(
                      c -> Bench.named(rounds, "pgbench, " + c + " clients").get(round).rate())
                  .max()
                  .orElseThrow();
          return Row.digits(runs.get(round).rate() / best, 2);
        })
        .collect(Collectors.joining(", "));
  }

  static String table(List<Row> rows) {
    return table(Row.HEADINGS, rows.stream().map(Row::cells).toList());
  }

  /** A Markdown table that is readable as it stands. */
  static String table(List<String> headings, List<List<String>> rows) {
    var lines = new ArrayList<List<String>>();
    lines.add(headings);
    lines.addAll(rows);
    var widths =
        IntStream.range(0, headings.size())
            .mapToObj(column ->
                lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(1))
            .toList();
    var text = new StringBuilder();
    for (var line : lines) {
      for (var i = 0; i < line.size(); i++) {
        text.append(("| %" + (i == 0 ? "-" : "") + widths.get(i) + "s ").formatted(line.get(i)));
      }
      text.append("|\n");
      if (line == headings) {
        for (var i = 0; i < widths.size(); i++) {
          text.append("| ").append("-".repeat(widths.get(i) - 1)).append(i == 0 ? "- " : ": ");
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }

  private String facts() throws IOException, InterruptedException {
    var accepted = bench.acceptedByServer();
    return """
    %s
    - %d conversations of %d users; warm-up %d s; server runs %d s, pgbench runs %d s with -M prepared
    - Model calls: %d, for %d accepted messages (equal when none was repeated or saved)
    """
        .formatted(
            machine(settings, bench.postgresVersion(), bench.fileSystem()),
            settings.conversations(),
            settings.users(),
            settings.warmUp(),
            settings.seconds(),
            settings.pgbenchSeconds(),
            bench.modelCalls(),
            accepted)
        .strip();
  }

  /** What was measured, and on what: a list of three points. */
  static String machine(Settings settings, String postgresVersion, String fileSystem)
      throws InterruptedException {
    return """
    - Machine: %d cores (%s), %d MiB memory, Linux %s, file system of the database: %s
    - Java %s (%s); %s: %s
    - Colloquy: git %s; JVM options %s; further settings: %s
    """
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            Proc.processor(),
            Proc.machineMemoryMib(),
            System.getProperty("os.version"),
            fileSystem,
            Runtime.version(),
            System.getProperty("java.vendor"),
            postgresVersion,
            Postgres.settings(),
            revision(settings.root()),
            settings.jvm(),
            settings.server().isEmpty() ? "none" : String.join(" ", settings.server()))
        .strip();
  }

  private static String revision(Path root) throws InterruptedException {
    try {
      return git(root, "rev-parse", "--short=12", "HEAD")
          + (git(root, "status", "--porcelain").isEmpty() ? "" : ", changed");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String git(Path root, String... args) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(args));
    return Command.run(command, Map.of(), root, Duration.ofSeconds(10)).strip();
  }
}

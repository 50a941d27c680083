package dev.colloquy.benchmark;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How {@link Send} runs.
 *
 * @param quick a smoke run: shows that everything works, measures nothing
 * @param users people whom the conversations are dealt out among
 * @param conversations distinct ones, made over the API before the start
 * @param warmUp seconds of load before the first measurement
 * @param seconds length of one measurement of the server
 * @param pgbenchSeconds length of one run of pgbench
 * @param rounds how often server and pgbench are measured in turn
 * @param connections of the closed runs, the last of which sets the capacity for the overload check
 * @param clients of pgbench
 * @param atOnce conversations that get their message at the same moment, with the model taking 1 s
 * @param atOnceRounds how often
 * @param openConnections connections held for the runs at a fixed rate: more than turns can be in
 *     flight
 * @param openSeconds length of those runs
 * @param app the built server's folder; another build's, to compare them
 * @param jvm options of the server's JVM, separated by spaces
 * @param server further settings of the server, {@code key=value}
 * @param stamp date and time in the name of the result
 */
record Settings(
    Path root,
    boolean quick,
    int users,
    int conversations,
    int warmUp,
    int seconds,
    int pgbenchSeconds,
    int rounds,
    List<Integer> connections,
    List<Integer> clients,
    int atOnce,
    int atOnceRounds,
    int openConnections,
    int openSeconds,
    Path app,
    String jvm,
    List<String> server,
    String stamp) {

  /** As in the script that starts the server. */
  private static final String JVM = "-Xmx1g";

  static final String HELP =
      """
      usage: benchmark/run send [options]
        --quick                  a smoke run of everything: seconds long, no result file
        --conversations N        distinct conversations (10000)
        --users N                people they belong to (1000)
        --warm-up SECONDS        load before the first measurement (30)
        --seconds SECONDS        length of one measurement of the server (20)
        --pgbench-seconds S      length of one run of pgbench (10)
        --rounds N               how often both are measured in turn (3)
        --connections N,N        of the closed runs (16,64)
        --clients N,N            of pgbench (8,16,32,64)
        --at-once N              conversations asked at the same moment (2000)
        --at-once-rounds N       how often (5)
        --open-connections N     held for the runs at a fixed rate (8000)
        --open-seconds S         their length (30)
        --app FOLDER             a built server (target/quarkus-app)
        --jvm "OPTION ..."       of the server's JVM (those of ./colloquy serve)
        --server KEY=VALUE       a further setting of the server; may be repeated
        --date STAMP             in the name of the result (now)
      """;

  Settings {
    connections = List.copyOf(connections);
    clients = List.copyOf(clients);
    server = List.copyOf(server);
    var most =
        Math.max(
            Math.max(atOnce, openConnections),
            connections.stream().max(Integer::compare).orElse(1));
    if (conversations < most) {
      throw new IllegalArgumentException("needs as many conversations as connections: " + most);
    }
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static Settings parse(Path root, String... args) {
    var words = new ArrayList<>(List.of(args));
    var quick = words.remove("--quick");
    var server = new ArrayList<String>();
    for (var at = words.indexOf("--server"); at >= 0; at = words.indexOf("--server")) {
      server.add(take(words, "--server", ""));
    }
    var settings =
        new Settings(
            root,
            quick,
            number(words, "--users", quick ? 20 : 1_000),
            number(words, "--conversations", quick ? 200 : 10_000),
            number(words, "--warm-up", quick ? 3 : 30),
            number(words, "--seconds", quick ? 3 : 20),
            number(words, "--pgbench-seconds", quick ? 2 : 10),
            number(words, "--rounds", quick ? 1 : 3),
            numbers(words, "--connections", "16,64"),
            numbers(words, "--clients", quick ? "8,16" : "8,16,32,64"),
            number(words, "--at-once", quick ? 100 : 2_000),
            number(words, "--at-once-rounds", quick ? 1 : 5),
            number(words, "--open-connections", quick ? 200 : 8_000),
            number(words, "--open-seconds", quick ? 3 : 30),
            root.resolve(take(words, "--app", "target/quarkus-app")),
            take(words, "--jvm", JVM),
            server,
            take(
                words,
                "--date",
                LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm"))));
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("unknown option: " + words.getFirst());
    }
    return settings;
  }

  /**
   * Seconds in which the given plan must be over, with the patience of {@link LoadLoop} and the
   * opening before it.
   */
  static long limitSeconds(Plan plan) {
    return 180
        + switch (plan) {
          case Plan.Closed closed -> (long) closed.seconds();
          case Plan.Open open -> (long) open.seconds();
          case Plan.AtOnce atOnce -> 60L * atOnce.rounds();
        };
  }

  private static int number(List<String> words, String option, int usual) {
    var value = Integer.parseInt(take(words, option, Integer.toString(usual)));
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1");
    }
    return value;
  }

  private static List<Integer> numbers(List<String> words, String option, String usual) {
    return Arrays.stream(take(words, option, usual).split(",")).map(Integer::valueOf).toList();
  }

  static String take(List<String> words, String option, String usual) {
    var at = words.indexOf(option);
    if (at < 0) {
      return usual;
    }
    if (at + 1 == words.size()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    words.remove(at);
    return words.remove(at);
  }
}

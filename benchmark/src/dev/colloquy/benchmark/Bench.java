package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Everything that {@link Send} measures with, started, and the measurements themselves. */
final class Bench {
  private static final String BODY =
      "{\"message\":\"How long does delivery take, and how do I track my parcel?\"}";

  private final Path folder;
  private final Child stub;
  private final Http stubControl;
  private final Postgres postgres;
  private final Server server;
  private final Child load;
  private final Pgbench pgbench;
  private long accepted;

  /** Starts stub, database, server and load, and makes the conversations. */
  Bench(Settings settings, Cleanup cleanup) throws IOException, InterruptedException {
    folder = cleanup.folder();
    stub = cleanup.add(Child.start(StubModel.class));
    var stubPort = Integer.parseInt(stub.hear("listening", Duration.ofSeconds(20)));
    stubControl = cleanup.add(new Http(stubPort));
    say("PostgreSQL starts");
    postgres = new Postgres(folder, cleanup);
    say("the server starts");
    server = new Server(settings, folder, postgres.serverSettings(), stubPort, cleanup);
    say(settings.conversations() + " conversations are made");
    var ids = Conversations.create(server, settings);
    load =
        cleanup.add(
            Child.start(
                Load.class,
                Integer.toString(server.port()),
                "/external/conversations/{id}/messages",
                String.join(": ", server.agentHeader()),
                BODY,
                Files.write(folder.resolve("conversations.ids"), ids).toString()));
    pgbench = new Pgbench(postgres, settings);
    pgbench.prepare(folder, ids);
  }

  /** Puts a plan's load on the server. */
  Row measure(String name, Plan plan) throws IOException, InterruptedException {
    Proc.resetPeakMemory(server.pid());
    var before = usage();
    load.say(plan.line());
    var line = load.hear("result", Duration.ofSeconds(Settings.limitSeconds(plan)));
    var result = Result.parse(line);
    accepted += result.count("accepted");
    var row = Row.of(name, result, usage().since(before), Proc.peakMemoryMib(server.pid()));
    say(name + ": " + line);
    return row;
  }

  /** Runs pgbench. */
  Row ceiling(int clients, int seconds) throws IOException, InterruptedException {
    var before = usage();
    var run = pgbench.run(clients, seconds);
    var row = Row.of("pgbench, " + clients + " clients", run, usage().since(before));
    say("%s: rate=%s".formatted(row.name(), Row.digits(run.rate(), 1)));
    return row;
  }

  /** Sets how long the model takes. */
  void modelTakes(Duration delay) throws IOException, InterruptedException {
    stubControl.put("/delay/" + delay.toMillis());
  }

  /** How many calls of the model have been answered so far. */
  long modelCalls() throws IOException, InterruptedException {
    return Json.number(stubControl.require("GET", "/stats", new String[0], ""), "answered");
  }

  /** How many messages the server has accepted so far, warm-up included. */
  long acceptedByServer() {
    return accepted;
  }

  String postgresVersion() throws IOException, InterruptedException {
    return postgres.version();
  }

  /** The kind of file system that the database is on: on tmpfs fsync costs nothing. */
  String fileSystem() throws IOException {
    return Files.getFileStore(folder).type();
  }

  /** The end of the server's log. */
  String serverLog() throws IOException {
    return server.logEnd();
  }

  private Usage usage() {
    return Usage.now(server, postgres, stub, load);
  }

  /** Tells the person who waits what happens. */
  static void say(String text) {
    System.out.println("· " + text);
  }

  /** The name that a closed run has in the table. */
  static String closedName(int connections) {
    return "server, " + connections + " connections";
  }

  /** The rows of one name, in the order of their measurement. */
  static List<Row> named(List<Row> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).toList();
  }
}

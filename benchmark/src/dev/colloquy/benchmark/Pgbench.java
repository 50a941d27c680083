package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The ceiling: pgbench runs the statements of one message, prepared, on the server's own database
 * and conversations, with nothing else to do.
 */
final class Pgbench {
  // Each client stops wherever it is: what it has asked and not answered is ended here, so that the
  // server does not wait for it.
  private static final String END_OPEN_TURNS =
      "with ended as (update turn set status = 'failed', ended_at = now()"
          + " where status in ('pending', 'running') returning conversation_id)"
          + " update conversation_activity a set open_turns = 0 from ended"
          + " where a.conversation_id = ended.conversation_id";
  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+) \\(without");
  private static final Pattern DONE = Pattern.compile("transactions actually processed: (\\d+)");
  private static final Pattern FAILED = Pattern.compile("number of failed transactions: (\\d+)");

  /**
   * One run.
   *
   * @param rate messages per second
   * @param messages how many in all
   */
  record Run(double rate, long messages) {}

  private final Postgres postgres;
  private final Settings settings;
  private final Path script;

  Pgbench(Postgres postgres, Settings settings) {
    this.postgres = postgres;
    this.settings = settings;
    this.script = settings.root().resolve("benchmark/pgbench/send.sql");
  }

  /**
   * Gives the script the conversations, numbered from 1, in {@code benchmark.conversation}, and
   * what else it needs.
   */
  void prepare(Path folder, List<String> conversations) throws IOException, InterruptedException {
    var sql =
        new StringBuilder("create schema benchmark;\n")
            .append("create table benchmark.conversation (n int primary key, id uuid not null);\n")
            .append("copy benchmark.conversation (n, id) from stdin;\n");
    for (var i = 0; i < conversations.size(); i++) {
      sql.append(i + 1).append('\t').append(conversations.get(i)).append('\n');
    }
    var file = Files.writeString(folder.resolve("conversations.sql"), sql.append("\\.\n"));
    psql("-f", file.toString());
    psql("-f", settings.root().resolve("benchmark/pgbench/prepare.sql").toString());
    psql("-c", "vacuum analyze");
  }

  /** Runs the script with so many clients for so long. */
  Run run(int clients, int seconds) throws IOException, InterruptedException {
    var threads = Integer.toString(Math.min(clients, Runtime.getRuntime().availableProcessors()));
    var output =
        postgres.client(
            "pgbench",
            Duration.ofSeconds(seconds + 60),
            "-n",
            "-M",
            "prepared",
            "-f",
            script.toString(),
            "-D",
            "conversations=" + settings.conversations(),
            "-D",
            "clients=" + clients,
            "-c",
            Integer.toString(clients),
            "-j",
            threads,
            "-T",
            Integer.toString(seconds));
    psql("-c", END_OPEN_TURNS);
    if (FAILED.matcher(output).results().anyMatch(failed -> !failed.group(1).equals("0"))) {
      throw new IOException("pgbench had failures:\n" + output);
    }
    return new Run(Double.parseDouble(find(RATE, output)), Long.parseLong(find(DONE, output)));
  }

  private void psql(String... args) throws IOException, InterruptedException {
    var all = new java.util.ArrayList<>(List.of("-X", "-q", "-v", "ON_ERROR_STOP=1"));
    all.addAll(List.of(args));
    postgres.client("psql", Duration.ofSeconds(120), all.toArray(String[]::new));
  }

  private static String find(Pattern pattern, String output) throws IOException {
    var matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IOException("pgbench printed something else:\n" + output);
    }
    return matcher.group(1);
  }
}

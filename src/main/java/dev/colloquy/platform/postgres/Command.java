package dev.colloquy.platform.postgres;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs with a bare environment: what this server was told in secret is not theirs. */
final class Command {
  private static final Set<String> KEPT =
      Set.of("PATH", "HOME", "TMPDIR", "TMP", "TEMP", "SystemRoot", "SYSTEMROOT", "USERPROFILE");

  private Command() {}

  /**
   * What a program left behind.
   *
   * @param exit its exit code; -1 when it had to be killed at its time limit or could not be
   *     started
   * @param output what it wrote, both streams
   */
  record Result(int exit, String output) {
    boolean succeeded() {
      return exit == 0;
    }
  }

  /** A process builder with the bare environment. */
  static ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().retainAll(KEPT);
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  /** Runs the command to its end, at most for the limit; {@code input} is read by it, if given. */
  static Result run(List<String> command, Duration limit, @Nullable Path input) {
    try {
      // A file, not a pipe: what the program leaves running would keep a pipe open.
      var output = Files.createTempFile("colloquy", ".out");
      try {
        var builder = builder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        if (input == null) {
          builder.redirectInput(Redirect.PIPE);
        } else {
          builder.redirectInput(input.toFile());
        }
        return finish(builder.start(), limit, output);
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return new Result(-1, String.valueOf(e.getMessage()));
    }
  }

  private static Result finish(Process process, Duration limit, Path output) throws IOException {
    try {
      process.getOutputStream().close();
      var ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      return new Result(ended ? process.exitValue() : -1, Files.readString(output).strip());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return new Result(-1, "interrupted");
    }
  }
}

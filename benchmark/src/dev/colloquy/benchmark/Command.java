package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs of the system to their end. */
final class Command {
  private Command() {}

  /**
   * What a program printed, errors included.
   *
   * @param environment added to this process's own
   * @throws IOException with that text, when the program fails or takes longer than the limit (then
   *     it is ended)
   */
  static String run(
      List<String> command, Map<String, String> environment, Path folder, Duration limit)
      throws IOException, InterruptedException {
    var output = Files.createTempFile("colloquy-benchmark", ".out");
    try {
      var builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      builder.environment().putAll(environment);
      var process = builder.redirectOutput(output.toFile()).start();
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException(command.getFirst() + " took longer than " + limit);
        }
      } finally {
        if (process.isAlive()) {
          Child.stop(process, Duration.ofSeconds(5));
        }
      }
      var text = Files.readString(output);
      if (process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command) + " ended with " + process.exitValue() + ":\n" + text);
      }
      return text;
    } finally {
      Files.deleteIfExists(output);
    }
  }
}

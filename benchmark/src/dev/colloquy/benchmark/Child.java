package dev.colloquy.benchmark;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of this benchmark in a process of its own, spoken to by lines. Ended by {@link #close}.
 */
final class Child implements Closeable {
  private final Process process;
  private final BufferedReader output;

  private Child(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  /** Starts the given program of this package on the JDK that runs this one. */
  static Child start(Class<?> program, String... args) throws IOException {
    // One collector thread and a small heap: the load and the stub share the machine with what is
    // measured.
    var command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(args));
    return new Child(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The {@code java} that runs this program. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Ends this process when its standard input ends, as it does when the parent is gone. */
  static void endWithStandardInput() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
          } catch (IOException e) {
            System.err.println("standard input: " + e.getMessage());
          }
          Runtime.getRuntime().halt(0);
        });
  }

  long pid() {
    return process.pid();
  }

  /** Writes one line to the program. */
  void say(String line) throws IOException {
    var input = process.outputWriter();
    input.write(line);
    input.newLine();
    input.flush();
  }

  /**
   * The rest of the program's next line, which must begin with the given word.
   *
   * @throws IOException when another line comes, the program ends, or nothing comes in time
   */
  String hear(String word, Duration limit) throws IOException, InterruptedException {
    var next =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return String.valueOf(output.readLine());
              } catch (IOException e) {
                return e.toString();
              }
            },
            Thread::startVirtualThread);
    try {
      var line = next.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!line.startsWith(word + " ")) {
        throw new IOException("expected \"" + word + "\" from the program, got: " + line);
      }
      return line.substring(word.length() + 1);
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (TimeoutException e) {
      throw new IOException("no \"" + word + "\" within " + limit, e);
    }
  }

  @Override
  public void close() {
    stop(process, Duration.ofSeconds(5));
  }

  /** Asks a process to end and, when it has not in time, ends it. */
  static void stop(Process process, Duration patience) {
    process.destroy();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package dev.colloquy.platform.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a running PostgreSQL writes about itself into {@code postmaster.pid}: its process, port and
 * state, a line each (PostgreSQL's source, {@code src/include/utils/pidfile.h}).
 *
 * @param port 0 as long as it is not written
 */
record PostmasterFile(long pid, int port, boolean ready) {
  private static final int PORT_LINE = 3;
  private static final int STATE_LINE = 7;

  /** The file of a cluster; empty when there is none, or none that can be understood (yet). */
  static Optional<PostmasterFile> read(Path cluster) throws IOException {
    try {
      return parse(Files.readAllLines(path(cluster)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static Path path(Path cluster) {
    return cluster.resolve("postmaster.pid");
  }

  static Optional<PostmasterFile> parse(List<String> lines) {
    var pid = number(lines, 0);
    if (pid <= 0) {
      return Optional.empty();
    }
    var ready = lines.size() > STATE_LINE && lines.get(STATE_LINE).strip().equals("ready");
    return Optional.of(new PostmasterFile(pid, (int) number(lines, PORT_LINE), ready));
  }

  private static long number(List<String> lines, int index) {
    var text = lines.size() > index ? lines.get(index).strip() : "";
    return text.matches("\\d{1,9}") ? Long.parseLong(text) : 0;
  }

  /** The process that has the number now, whether it is PostgreSQL's or not. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
  }

  /**
   * Whether a process is the PostgreSQL of this cluster: the number alone proves nothing, since
   * numbers are used again.
   */
  static boolean serves(ProcessHandle process, Path cluster) {
    var program = Platform.current().program("postgres");
    var info = process.info();
    if (Platform.current() == Platform.WINDOWS) { // which hides the arguments
      return info.command().map(Path::of).filter(path -> path.endsWith(program)).isPresent();
    }
    var arguments = info.arguments().orElse(new String[0]);
    var folder = Arrays.asList(arguments).indexOf("-D") + 1;
    // Without the right to look at another account's program, its arguments must do.
    return info.command().map(Path::of).map(path -> path.endsWith(program)).orElse(true)
        && folder > 0
        && folder < arguments.length
        && same(Path.of(arguments[folder]), cluster);
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // one of them is not there (any more)
    }
  }
}

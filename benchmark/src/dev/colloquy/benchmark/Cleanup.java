package dev.colloquy.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;

/**
 * Ends what was started, last first, when this process ends in whatever way but SIGKILL. Any
 * thread.
 */
final class Cleanup {
  private final Deque<Closeable> started = new ArrayDeque<>();

  Cleanup() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::closeAll, "cleanup"));
  }

  /** Remembers something to close; returns it. */
  synchronized <T extends Closeable> T add(T resource) {
    started.push(resource);
    return resource;
  }

  /**
   * A new temporary folder, removed with all that is in it; others may enter it, for PostgreSQL
   * runs as another user.
   */
  Path folder() throws IOException {
    var folder = Files.createTempDirectory("colloquy-benchmark");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    add(() -> delete(folder));
    return folder;
  }

  private synchronized void closeAll() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (IOException | RuntimeException e) {
        // Whatever one of them throws, the others are closed too.
        System.err.println("cleaning up: " + e);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

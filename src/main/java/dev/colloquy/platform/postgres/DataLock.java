package dev.colloquy.platform.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps a folder to one running program. The operating system lets the lock go when the program
 * ends, however it ends, so that a lock that is held means a program that lives.
 */
final class DataLock implements AutoCloseable {
  // Closing any other channel to a locked file would drop the lock: this process asks itself first.
  private static final Set<Path> HELD = new HashSet<>();
  // Past the text, which others may then read where locks are mandatory (Windows).
  private static final long LOCKED_BYTE = 1 << 20;

  private final Path file;
  private final FileChannel channel;

  private DataLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the lock on the folder, or throws at once when a living program holds it. */
  static DataLock take(Path folder) throws IOException {
    var file = folder.toRealPath().resolve("lock");
    synchronized (HELD) {
      if (HELD.contains(file)) {
        throw inUse(folder, ProcessHandle.current().pid() + "");
      }
      var channel = open(file);
      try {
        if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
          throw inUse(folder, read(channel));
        }
        channel.truncate(0);
        var pid = ProcessHandle.current().pid() + "\n";
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      HELD.add(file);
      return new DataLock(file, channel);
    }
  }

  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        PrivateFiles.attributes("rw-------"));
  }

  private static String read(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
  }

  private static PostgresException inUse(Path folder, String pid) {
    return new PostgresException(
        "the data folder %s is in use by another server (process %s): stop that one, or choose"
                .formatted(folder.getParent(), pid)
            + " another colloquy.data-dir");
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      HELD.remove(file);
      channel.close();
    }
  }
}

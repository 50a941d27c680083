package dev.colloquy.platform.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs for this machine, as the build's jar carries them: an archive {@code
 * postgres-<system>-<processor>.txz} with {@code bin}, {@code lib} and {@code share}.
 */
final class Bundle {
  private final Path root;

  private Bundle(Path root) {
    this.root = root;
  }

  /** A program of the bundle. */
  String program(String name) {
    return root.resolve("bin", Platform.current().program(name)).toString();
  }

  /** The folder of the unpacked programs. */
  Path root() {
    return root;
  }

  /** PostgreSQL's major version, as its catalog's source names it in the first line. */
  String majorVersion() throws IOException {
    try (var lines = Files.lines(root.resolve("share/postgresql/postgres.bki"))) {
      return lines.findFirst().orElse("").replace("# PostgreSQL ", "").strip();
    }
  }

  /**
   * The bundle, unpacked below the folder unless this very archive was before. A folder that has
   * the archive's name is complete: it was renamed to it last.
   */
  static Bundle unpackedIn(Path folder) throws IOException {
    var archive = Platform.current().archive(System.getProperty("os.arch"));
    var resource = Bundle.class.getResource("/" + archive);
    if (resource == null) {
      throw new PostgresException(
          "this build carries no PostgreSQL for this machine (%s): build it here, or set"
                  .formatted(archive)
              + " colloquy.database.url to a PostgreSQL 15 or newer of your own");
    }
    PrivateFiles.folder(folder);
    var root = folder.resolve(archive.replace(".txz", "-" + checksum(resource)));
    if (!Files.isDirectory(root)) {
      unpackOnce(resource, root);
    }
    return new Bundle(root);
  }

  private static void unpackOnce(URL resource, Path root) throws IOException {
    var half = root.resolveSibling(root.getFileName() + ".unpacking");
    // One program unpacks at a time; what a dead one left half done is thrown away.
    try (var channel = DataLock.open(root.resolveSibling("unpack.lock"));
        var lock = channel.lock()) {
      if (!lock.isValid() || Files.isDirectory(root)) {
        return;
      }
      PrivateFiles.delete(half);
      PrivateFiles.folder(half);
      unpack(resource, half);
      Files.move(half, root, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void unpack(URL resource, Path target) throws IOException {
    try (var tar =
        new TarArchiveInputStream(
            new XZInputStream(new BufferedInputStream(resource.openStream(), 1 << 16)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("an entry leaves the archive: " + entry.getName());
        }
        write(entry, tar, path);
      }
    }
  }

  private static void write(TarArchiveEntry entry, InputStream content, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, path);
    if (Platform.current() != Platform.WINDOWS) {
      var permissions = (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--";
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  /** The archive's CRC-32: from the jar's index where it is in a jar, to save reading it. */
  private static String checksum(URL resource) throws IOException {
    var connection = resource.openConnection();
    connection.setUseCaches(false);
    if (connection instanceof JarURLConnection jar) {
      try (var file = jar.getJarFile()) {
        return Long.toHexString(file.getEntry(jar.getEntryName()).getCrc());
      }
    }
    try (var content = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
      content.transferTo(OutputStream.nullOutputStream());
      return Long.toHexString(content.getChecksum().getValue());
    }
  }
}

package dev.colloquy.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.colloquy.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded PostgreSQL under a real server: started, killed in every way, started again. */
class PostgresProcessTest {
  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir Path dir;

  @Test
  void keepsDataOverRestartAndStopsInSeconds() throws Exception {
    long postgres;
    try (var server = ServerProcess.over(dir).startReady()) {
      write(server);
      postgres = server.postgresPid();
      var begun = System.nanoTime();
      assertThat(server.stop()).isEqualTo(128 + 15);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }
    assertGone(postgres);
    assertThat(Files.readString(dir.resolve("postgres/postgres.log")))
        .contains("database system is shut down");
    try (var server = ServerProcess.over(dir).startReady()) {
      assertKept(server);
    }
  }

  @Test
  void recoversWhenTheServerIsKilled() throws Exception {
    try (var server = ServerProcess.over(dir).startReady()) {
      write(server);
      var orphan = server.postgresPid();
      server.kill();
      assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isPresent();
      try (var next = ServerProcess.over(dir).startReady()) {
        assertKept(next);
        assertThat(next.postgresPid()).isNotEqualTo(orphan);
        assertGone(orphan);
      }
    }
  }

  @Test
  void recoversByItselfWhenPostgresIsKilled() throws Exception {
    try (var server = ServerProcess.over(dir).startReady()) {
      write(server);
      var dead = server.postgresPid();
      ServerProcess.kill(dead);
      await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> server.postgresPid() != dead && server.isReady());
      assertKept(server);
    }
  }

  @Test
  void recoversWhenBothAreKilled() throws Exception {
    try (var server = ServerProcess.over(dir).startReady()) {
      write(server);
      var postgres = server.postgresPid();
      server.kill();
      ServerProcess.kill(postgres);
      try (var next = ServerProcess.over(dir).startReady()) {
        assertKept(next);
      }
    }
  }

  @Test
  void secondServerOnTheFolderIsRefusedAndTheFirstGoesOn() throws Exception {
    try (var first = ServerProcess.over(dir).startReady();
        var second = ServerProcess.over(dir).start()) {
      assertThat(second.awaitExit()).isEqualTo(1);
      assertThat(second.stderr())
          .contains("in use by another server (process " + first.pid() + ")")
          .hasLineCount(1);
      assertThat(first.isReady()).isTrue();
    }
  }

  @Test
  void worksAsAPlainUser() throws Exception {
    assumeTrue(Platform.current().isRoot(), "not root: every other test here shows it");
    var open = openFolder();
    try {
      var application = readable(open);
      var home = Files.createDirectory(open.resolve("home"));
      Files.setAttribute(home, "unix:uid", 65534);
      var builder =
          ServerProcess.over(home.resolve("data"))
              .as(NOBODY)
              .application(application)
              .without("colloquy.database.binaries-dir");
      try (var server = builder.startReady()) {
        write(server);
        assertThat(PrivateFiles.owner(home.resolve("data/postgres/cluster"))).isEqualTo(65534);
      }
      // The same folder later under root: PostgreSQL stays with the folder's owner.
      try (var server =
          ServerProcess.over(home.resolve("data"))
              .without("colloquy.database.binaries-dir")
              .startReady()) {
        assertKept(server);
        assertThat(PrivateFiles.owner(home.resolve("data/postgres/cluster"))).isEqualTo(65534);
      }
      try (var server = builder.startReady()) {
        assertKept(server);
      }
    } finally {
      PrivateFiles.delete(open);
    }
  }

  @Test
  void worksAsRootWithoutUserNamespaces() throws Exception {
    assumeTrue(Platform.current().isRoot(), "only root needs another account");
    var open = openFolder();
    try {
      var data = open.resolve("data");
      try (var server = withoutNamespaces(open, data).startReady()) {
        write(server);
        assertThat(owner(server.postgresPid())).isEqualTo(65534);
      }
      try (var server = withoutNamespaces(open, data).startReady()) {
        assertKept(server);
      }
    } finally {
      PrivateFiles.delete(open);
    }
  }

  @Test
  void saysWhatToDoAsRootWhereNothingWorks() throws Exception {
    assumeTrue(Platform.current().isRoot(), "only root needs another account");
    var open = openFolder();
    try { // the test's own folder is closed to all but root
      try (var server = withoutNamespaces(open, dir.resolve("data")).start()) {
        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(server.stderr())
            .contains("does not run as root")
            .contains("colloquy.data-dir")
            .hasLineCount(1);
      }
    } finally {
      PrivateFiles.delete(open);
    }
  }

  /** As where user namespaces are switched off: the tool that makes them fails. */
  private static ServerProcess.Builder withoutNamespaces(Path folder, Path data)
      throws IOException {
    var tools = Files.createDirectories(folder.resolve("tools"));
    var unshare = tools.resolve("unshare");
    Files.writeString(unshare, "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(unshare, PosixFilePermissions.fromString("rwxr-xr-x"));
    return ServerProcess.over(data)
        .withEnvironment("PATH", tools + ":" + System.getenv("PATH"))
        .without("colloquy.database.binaries-dir");
  }

  private static Path openFolder() throws IOException {
    var folder = Files.createTempDirectory("colloquy-process-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  /** The packaged server where nobody can read it. */
  private static Path readable(Path folder) throws IOException {
    var source = Path.of("target/quarkus-app").toAbsolutePath();
    var target = folder.resolve("application");
    try (var paths = Files.walk(source)) {
      for (var path : paths.toList()) {
        var copy = target.resolve(source.relativize(path).toString());
        Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    return target;
  }

  /** Gone, or about to be collected by the machine's first process. */
  private static void assertGone(long pid) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  private static int owner(long pid) throws IOException {
    return PrivateFiles.owner(Path.of("/proc", Long.toString(pid)));
  }

  private static void write(ServerProcess server) throws IOException, SQLException {
    try (var connection = server.connect();
        var statement = connection.createStatement()) {
      statement.execute("create table kept (id int)");
      statement.execute("insert into kept values (7)");
    }
  }

  private static void assertKept(ServerProcess server) throws IOException, SQLException {
    try (var connection = server.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select id from kept")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(7);
      assertThat(rows.next()).isFalse();
    }
  }
}

package dev.colloquy.platform.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.testing.ServerProcess;
import dev.colloquy.testing.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What stops the server from starting is told in one line, and nothing is left behind. */
class LaunchProcessTest {
  @RegisterExtension static final TestDatabase database = TestDatabase.empty();

  @TempDir Path dir;

  @Test
  void runsOnAnExternalDatabaseWithoutADataFolder() throws Exception {
    var data = dir.resolve("data");
    try (var server =
        ServerProcess.over(data)
            .with("colloquy.database.url", database.jdbcUrl())
            .withEnvironment("COLLOQUY_DATABASE_USERNAME", database.username())
            .withEnvironment("COLLOQUY_DATABASE_PASSWORD", database.password())
            .startReady()) {
      assertThat(server.isReady()).isTrue();
    }
    assertThat(data).doesNotExist();
  }

  @Test
  void unreachableDatabase() throws Exception {
    var port = ServerProcess.freePort();
    assertRefused(
        external("jdbc:postgresql://127.0.0.1:%d/x?password=hidden".formatted(port)),
        "cannot use the database jdbc:postgresql://127.0.0.1:%d/x: ".formatted(port),
        "is it running");
  }

  @Test
  void urlOfAnotherKind() throws Exception {
    assertRefused(external("mysql://u:hidden@h/x"), "mysql://h/x", "must look like");
  }

  @Test
  void malformedUrl() throws Exception {
    assertRefused(external("jdbc:postgresql://h:port/x?password=hidden"), "cannot use");
  }

  @Test
  void wrongPassword() throws Exception {
    assertRefused(
        external(database.jdbcUrl())
            .with("colloquy.database.username", database.username())
            .with("colloquy.database.password", "hidden"),
        "password authentication failed",
        "colloquy.database.password");
  }

  @Test
  void missingDatabase() throws Exception {
    assertRefused(
        external(database.jdbcUrl().replaceAll("/[^/]*$", "/absent"))
            .with("colloquy.database.username", database.username())
            .with("colloquy.database.password", database.password()),
        "create the database");
  }

  @Test
  void missingRight() throws Exception {
    var url = TestDatabase.freshUrl();
    var name = url.replaceAll(".*/|[?].*", "");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("alter database " + name + " set search_path = nowhere");
    }
    assertRefused(external(url), "has no schema");
  }

  @Test
  void portInUse() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          ServerProcess.over(dir.resolve("data")).port(taken.getLocalPort()),
          "cannot listen on 127.0.0.1:" + taken.getLocalPort(),
          "quarkus.http.port");
    }
    assertThat(dir.resolve("data")).doesNotExist();
  }

  @Test
  void hostThatIsNotOfThisMachine() throws Exception {
    assertRefused(
        ServerProcess.over(dir.resolve("data")).with("quarkus.http.host", "192.0.2.1"),
        "cannot listen on 192.0.2.1",
        "quarkus.http.host must be an address of this machine");
    assertRefused(
        ServerProcess.over(dir.resolve("data")).with("quarkus.http.host", "nowhere.invalid"),
        "quarkus.http.host must be an address of this machine",
        "no host named \"nowhere.invalid\"");
  }

  @Test
  void portThatIsChosenByTheServerIsTold() throws Exception {
    try (var server =
        ServerProcess.over(dir.resolve("data"))
            .with("colloquy.database.url", TestDatabase.freshUrl())
            .anyPort()
            .start()) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() ->
              assertThat(server.stdout())
                  .containsPattern("ready at http://127.0.0.1:[1-9]\\d+\\s"));
    }
  }

  @Test
  void databaseOfAnotherEncodingAndOneOfANewerServer() throws Exception {
    var url = TestDatabase.freshUrl();
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(
          "create table flyway_schema_history (version varchar(50), success boolean);"
              + "insert into flyway_schema_history values ('9999', true)");
      statement.execute(
          "create database ascii_only encoding 'SQL_ASCII' locale 'C' template template0");
      assertRefused(external(url), "newer version of this server (schema 9999");
      assertRefused(
          external(url.replaceAll("/[^/?]*([?]|$)", "/ascii_only$1")),
          "has the encoding SQL_ASCII");
      statement.execute("drop database ascii_only");
    }
  }

  @Test
  void noPasswordAndNoHost() throws Exception {
    assertRefused(
        external(database.jdbcUrl()).with("colloquy.database.username", database.username()),
        "set colloquy.database.username and colloquy.database.password");
    assertRefused(external("jdbc:postgresql://nowhere.invalid/x"), "there is no such host");
  }

  @Test
  void dataFolderThatCannotBeMade() throws Exception {
    var file = Files.writeString(dir.resolve("file"), "not a folder");
    assertRefused(
        ServerProcess.over(file.resolve("data")),
        "cannot use the data folder " + file.resolve("data"));
  }

  @Test
  void settingsThatCannotBeUsedAndOthersThatAreNone() throws Exception {
    var builder =
        ServerProcess.over(dir.resolve("data"))
            .with("colloquy.turn.starting", "none")
            .with("colloquy.turn.lease", "-3s")
            .with("colloquy.turn.leese", "3s");
    try (var server = builder.start()) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.stderr().lines())
          .containsExactlyInAnyOrder(
              "colloquy: colloquy.turn.starting must be a number from 1, not \"none\"",
              "colloquy: colloquy.turn.lease must be a duration such as 500ms, 15s, 2m or 1h, and at"
                  + " least 500 ms, not \"-3s\"",
              "colloquy: colloquy.turn.leese is no setting: docs/configuration.md has them all");
      assertThat(server.stdout()).isEmpty();
    }
    assertThat(dir.resolve("data")).doesNotExist();
  }

  @Test
  void pageWithoutAKeyWhereOthersCouldReachIt() throws Exception {
    assertRefused(
        ServerProcess.over(dir.resolve("data"))
            .with("colloquy.dev.channels", "on")
            .with("quarkus.http.host", "0.0.0.0"),
        "colloquy.dev.channels is on",
        "0.0.0.0");
  }

  @Test
  void secretKeyThatIsTooShort() throws Exception {
    assertRefused(
        ServerProcess.over(dir.resolve("data")).with("colloquy.secret-key", "hidden"),
        "colloquy.secret-key must have at least 16 characters");
  }

  private ServerProcess.Builder external(String url) {
    return ServerProcess.over(dir.resolve("data")).withEnvironment("COLLOQUY_DATABASE_URL", url);
  }

  private static void assertRefused(ServerProcess.Builder builder, String... said)
      throws Exception {
    try (var server = builder.start()) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.stderr())
          .startsWith("colloquy: ")
          .contains(said)
          .doesNotContain("hidden")
          .hasLineCount(1);
      assertThat(server.stdout()).isEmpty();
    }
  }
}

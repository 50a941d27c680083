package dev.colloquy.platform.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.launch.ExternalDatabase.Facts;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ExternalDatabaseTest {
  @Test
  void nothingStandsInTheWayOfAVersionThatIsOldEnough() {
    assertThat(new Facts(15, "UTF8", 14, 14, false, "public", true, false, true).objection())
        .isEmpty();
    assertThat(new Facts(18, "UTF8", 14, 14, false, "public", true, true, false).objection())
        .isEmpty();
  }

  @Test
  void versionTooOldIsNamedWithTheOneNeeded() {
    assertThat(new Facts(14, "UTF8", 14, 14, false, "public", true, true, true).objection())
        .contains("is PostgreSQL 14: it must be 15 or newer");
  }

  @Test
  void everyMissingRightIsNamed() {
    assertThat(
            new Facts(16, "UTF8", 14, 14, true, "public", true, true, true)
                .objection()
                .orElseThrow())
        .contains("read-only");
    assertThat(
            new Facts(16, "UTF8", 14, 14, false, null, true, true, true).objection().orElseThrow())
        .contains("no schema");
    assertThat(
            new Facts(16, "UTF8", 14, 14, false, "app", false, true, true)
                .objection()
                .orElseThrow())
        .contains("grant create on schema app");
    assertThat(
            new Facts(16, "UTF8", 14, 14, false, "app", true, false, false)
                .objection()
                .orElseThrow())
        .contains("create extension pg_trgm");
  }

  @Test
  void encodingAndNewerSchemaAreNamed() {
    assertThat(
            new Facts(16, "SQL_ASCII", 0, 14, false, "public", true, true, true)
                .objection()
                .orElseThrow())
        .contains("has the encoding SQL_ASCII", "encoding 'UTF8'");
    assertThat(
            new Facts(16, "UTF8", 15, 14, false, "public", true, true, true)
                .objection()
                .orElseThrow())
        .contains("newer version of this server (schema 15, and this build knows 14)");
  }

  @Test
  void newestMigrationOfTheBuildIsFound() throws IOException {
    try (var files = Files.list(Path.of("src/main/resources/db/migration"))) {
      var newest = files.map(file -> file.getFileName().toString()).max(String::compareTo);
      assertThat(newest.orElseThrow()).startsWith("V%04d__".formatted(Migrations.newest()));
    }
  }

  @Test
  void failuresComeWithAdviceAndWithoutPlacesInPostgres() {
    assertThat(
            ExternalDatabase.explain(
                new SQLException(
                    "FATAL: no pg_hba.conf entry\n  Location: File: auth.c, Routine: x, Line: 1",
                    "28000")))
        .isEqualTo(
            "FATAL: no pg_hba.conf entry (check colloquy.database.username and"
                + " colloquy.database.password)");
    assertThat(
            ExternalDatabase.explain(
                new SQLException(
                    "The server requested SCRAM-based authentication, but no password was provided.",
                    "08004")))
        .contains("set colloquy.database.username and colloquy.database.password");
    assertThat(
            ExternalDatabase.explain(
                new SQLException("failed.", "08001", new UnknownHostException("h"))))
        .contains("no such host");
  }

  @Test
  void placeKeepsNoSecret() {
    assertThat(ExternalDatabase.place("jdbc:postgresql://u:p@h:1/d?user=u&password=p"))
        .isEqualTo("jdbc:postgresql://h:1/d");
  }
}

package dev.colloquy.platform.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.launch.ExternalDatabase.Facts;
import org.junit.jupiter.api.Test;

class ExternalDatabaseTest {
  @Test
  void nothingStandsInTheWayOfAVersionThatIsOldEnough() {
    assertThat(new Facts(15, false, "public", true, false, true).objection()).isEmpty();
    assertThat(new Facts(18, false, "public", true, true, false).objection()).isEmpty();
  }

  @Test
  void versionTooOldIsNamedWithTheOneNeeded() {
    assertThat(new Facts(14, false, "public", true, true, true).objection())
        .contains("is PostgreSQL 14: it must be 15 or newer");
  }

  @Test
  void everyMissingRightIsNamed() {
    assertThat(new Facts(16, true, "public", true, true, true).objection().orElseThrow())
        .contains("read-only");
    assertThat(new Facts(16, false, null, true, true, true).objection().orElseThrow())
        .contains("no schema");
    assertThat(new Facts(16, false, "app", false, true, true).objection().orElseThrow())
        .contains("grant create on schema app");
    assertThat(new Facts(16, false, "app", true, false, false).objection().orElseThrow())
        .contains("create extension pg_trgm");
  }

  @Test
  void placeKeepsNoSecret() {
    assertThat(ExternalDatabase.place("jdbc:postgresql://u:p@h:1/d?user=u&password=p"))
        .isEqualTo("jdbc:postgresql://h:1/d");
  }
}

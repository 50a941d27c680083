package dev.colloquy.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * A migrated database for the server under {@code @QuarkusTest}:
 * {@code @QuarkusTestResource(ServerDatabase.class)}.
 */
public final class ServerDatabase implements QuarkusTestResourceLifecycleManager {
  private TestPostgres.Location location;

  @Override
  public Map<String, String> start() {
    location = TestPostgres.create(true);
    return Map.of(
        "quarkus.datasource.jdbc.url", location.url(),
        "quarkus.datasource.username", location.username(),
        "quarkus.datasource.password", location.password());
  }

  @Override
  public void stop() {
    if (location != null) {
      TestPostgres.drop(location);
    }
  }
}

package dev.colloquy.platform.postgres;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may differ between one embedded PostgreSQL and another.
 *
 * @param binaries the folder that holds the unpacked programs, shared by all who name it; null: one
 *     of the data folder's own
 * @param settings settings of PostgreSQL by name, which win over the launcher's own; {@code fsync =
 *     off} is for tests only
 */
public record PostgresOptions(@Nullable Path binaries, Map<String, String> settings) {
  /** What the server runs with: durable, with its own binaries. */
  public static final PostgresOptions DEFAULT = new PostgresOptions(null, Map.of());

  public PostgresOptions {
    settings = Map.copyOf(settings);
  }

  boolean durable() {
    return !"off".equals(settings.get("fsync"));
  }
}

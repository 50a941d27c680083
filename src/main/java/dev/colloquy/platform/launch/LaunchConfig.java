package dev.colloquy.platform.launch;

import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings that are needed before the server starts, from the sources that the server reads
 * too: system properties, environment, {@code .env}, {@code config/application.properties}, the
 * build's own.
 *
 * @param dataDir {@code colloquy.data-dir}: where the embedded PostgreSQL keeps its files
 * @param binaries {@code colloquy.database.binaries-dir}: where its programs are unpacked; null: in
 *     the data folder
 * @param url {@code colloquy.database.url}: a PostgreSQL of the operator's; null: the embedded one
 * @param username {@code colloquy.database.username}; null: as the URL says
 * @param password {@code colloquy.database.password}; null: as the URL says
 * @param secretKey {@code colloquy.secret-key}; null: the one in the data folder
 * @param host {@code quarkus.http.host}: the address that the server listens on
 * @param port {@code quarkus.http.port}; 0: any that is free
 */
record LaunchConfig(
    Path dataDir,
    @Nullable Path binaries,
    @Nullable String url,
    @Nullable String username,
    @Nullable String password,
    @Nullable String secretKey,
    String host,
    int port) {

  private static final int DEFAULT_PORT = 8080;

  static LaunchConfig of(SmallRyeConfig config) {
    return new LaunchConfig(
        Path.of(text(config, "colloquy.data-dir").orElse("data")),
        text(config, "colloquy.database.binaries-dir").map(Path::of).orElse(null),
        text(config, "colloquy.database.url").orElse(null),
        text(config, "colloquy.database.username").orElse(null),
        text(config, "colloquy.database.password").orElse(null),
        text(config, "colloquy.secret-key").orElse(null),
        text(config, "quarkus.http.host").orElse("0.0.0.0"),
        port(config));
  }

  private static int port(SmallRyeConfig config) {
    var port = text(config, "quarkus.http.port").orElse("" + DEFAULT_PORT);
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
      throw new LaunchException("quarkus.http.port must be a number from 0 to 65535: " + port);
    }
    return Integer.parseInt(port);
  }

  /** A setting; set to nothing counts as not set. */
  private static Optional<String> text(SmallRyeConfig config, String name) {
    try {
      return config
          .getOptionalValue(name, String.class)
          .map(String::strip)
          .filter(v -> !v.isEmpty());
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw new LaunchException("%s cannot be read: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "LaunchConfig[dataDir=%s, host=%s, port=%d]".formatted(dataDir, host, port);
  }
}

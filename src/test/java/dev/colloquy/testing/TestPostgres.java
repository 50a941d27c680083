package dev.colloquy.testing;

import dev.colloquy.platform.postgres.EmbeddedPostgres;
import dev.colloquy.platform.postgres.PostgresOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import org.flywaydb.core.Flyway;

/**
 * The one PostgreSQL of a test JVM, in a temporary folder that goes with it. Fast, not durable.
 * What the class loaders of {@code @QuarkusTest} must share lies in system properties.
 */
final class TestPostgres {
  /** The unpacked programs, shared by all tests of this checkout. */
  static final Path PROGRAMS = Path.of("target/postgres").toAbsolutePath();

  private static final String URL = "colloquy.test.postgres.url";
  private static final String PASSWORD = "colloquy.test.postgres.password";
  private static final String DATABASES = "colloquy.test.postgres.databases";
  private static final String TEMPLATE_MADE = "colloquy.test.postgres.template";
  private static final String TEMPLATE = "migrated";
  private static final PostgresOptions OPTIONS =
      new PostgresOptions(
          PROGRAMS,
          Map.of(
              "fsync", "off",
              "synchronous_commit", "off",
              "full_page_writes", "off",
              "max_connections", "200",
              "shared_buffers", "64MB"));

  private TestPostgres() {}

  /** Where one database is. */
  record Location(String url, String name, String username, String password) {}

  /** Makes a new database: empty, or with the tables of all migrations. */
  static Location create(boolean migrated) {
    synchronized (System.getProperties()) { // one for all class loaders
      if (System.getProperty(URL) == null) {
        start();
      }
      if (migrated && System.getProperty(TEMPLATE_MADE) == null) {
        migrate(create(TEMPLATE, ""));
        System.setProperty(TEMPLATE_MADE, "true");
      }
      var name = "test_" + Integer.getInteger(DATABASES, 0);
      System.setProperty(DATABASES, Integer.toString(Integer.getInteger(DATABASES, 0) + 1));
      return create(name, migrated ? " template " + TEMPLATE : "");
    }
  }

  /** Drops a database, with whoever is still connected to it. */
  static void drop(Location location) {
    execute("drop database if exists " + location.name() + " with (force)");
  }

  private static Location create(String name, String from) {
    execute("create database " + name + from);
    return location(name);
  }

  private static Location location(String name) {
    var url = System.getProperty(URL);
    return new Location(
        url.substring(0, url.lastIndexOf('/') + 1) + name,
        name,
        "colloquy",
        System.getProperty(PASSWORD));
  }

  private static void migrate(Location location) {
    Flyway.configure()
        .dataSource(location.url(), location.username(), location.password())
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  private static void execute(String sql) {
    var home = location("colloquy");
    try (var connection =
            DriverManager.getConnection(home.url(), home.username(), home.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static void start() {
    try {
      var folder = Files.createTempDirectory("colloquy-test-");
      var postgres = EmbeddedPostgres.start(folder, OPTIONS);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                postgres.stop();
                delete(folder);
              }));
      System.setProperty(PASSWORD, postgres.password());
      System.setProperty(URL, postgres.jdbcUrl());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder with all in it. */
  static void delete(Path folder) {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

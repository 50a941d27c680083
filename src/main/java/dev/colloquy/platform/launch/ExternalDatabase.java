package dev.colloquy.platform.launch;

import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the operator's PostgreSQL before the server starts on it, so that what is wrong with it
 * is told in one line.
 */
final class ExternalDatabase {
  static final int OLDEST_VERSION = 15;

  private static final String CONNECT_SECONDS = "10";

  private ExternalDatabase() {}

  /**
   * What the server needs to know about a database.
   *
   * @param encoding of the database, by PostgreSQL's name
   * @param schemaVersion the newest migration that was run there; 0: none
   * @param newestVersion the newest that this build has
   * @param schema where tables would be made; null: the role's search path leads nowhere
   */
  record Facts(
      int majorVersion,
      String encoding,
      int schemaVersion,
      int newestVersion,
      boolean readOnly,
      @Nullable String schema,
      boolean mayCreateTables,
      boolean hasTrigrams,
      boolean mayAddTrigrams) {

    /** What stands in the way, and what to do about it; empty: nothing. */
    Optional<String> objection() {
      if (majorVersion < OLDEST_VERSION) {
        return Optional.of(
            "is PostgreSQL %d: it must be %d or newer".formatted(majorVersion, OLDEST_VERSION));
      }
      if (!encoding.equals("UTF8")) {
        return Optional.of(
            "has the encoding %s: make one with UTF8 (create database ... encoding 'UTF8' template"
                    .formatted(encoding)
                + " template0)");
      }
      if (schemaVersion > newestVersion) {
        return Optional.of(
            "was used by a newer version of this server (schema %d, and this build knows %d): start"
                    .formatted(schemaVersion, newestVersion)
                + " that version, or restore the backup from before the upgrade");
      }
      if (readOnly) {
        return Optional.of("is read-only, as a replica is: name the primary");
      }
      if (schema == null) {
        return Optional.of(
            "has no schema on the role's search path: create schema public, or set search_path");
      }
      if (!mayCreateTables) {
        return Optional.of(
            "does not let the role create tables: grant create on schema %s to it"
                .formatted(schema));
      }
      if (!hasTrigrams && !mayAddTrigrams) {
        return Optional.of(
            "lacks the extension pg_trgm, which the role may not add: run \"create extension"
                + " pg_trgm\" there as an administrator (it comes with PostgreSQL's contrib"
                + " package)");
      }
      return Optional.empty();
    }
  }

  /** Connects once, and throws what is wrong. */
  static void check(String url, @Nullable String username, @Nullable String password) {
    var settings = new Properties();
    settings.setProperty("connectTimeout", CONNECT_SECONDS);
    settings.setProperty("loginTimeout", CONNECT_SECONDS);
    settings.setProperty("socketTimeout", CONNECT_SECONDS);
    if (username != null) {
      settings.setProperty("user", username);
    }
    if (password != null) {
      settings.setProperty("password", password);
    }
    var place = place(url);
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new LaunchException(
          "colloquy.database.url is \"%s\": it must look like jdbc:postgresql://host:5432/name"
              .formatted(place));
    }
    try (var connection = DriverManager.getConnection(url, settings)) {
      var objection = facts(connection).objection();
      if (objection.isPresent()) {
        throw new LaunchException("the database %s %s".formatted(place, objection.get()));
      }
    } catch (SQLException e) {
      throw new LaunchException(
          "cannot use the database %s: %s".formatted(place, explain(e).replace(url, place)), e);
    }
  }

  private static Facts facts(Connection connection) throws SQLException {
    var sql =
        """
        select current_setting('transaction_read_only') = 'on' as read_only,
               current_setting('server_encoding') as encoding,
               current_schema() as schema,
               coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create,
               exists (select from pg_extension where extname = 'pg_trgm') as has_trigrams,
               exists (select
                       from pg_available_extension_versions
                       where name = 'pg_trgm'
                         and (trusted and has_database_privilege(current_database(), 'create')
                              or (select rolsuper from pg_roles where rolname = current_user)))
                 as may_add_trigrams
        """;
    var version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < OLDEST_VERSION) { // whose catalog may lack what is asked for below
      return new Facts(version, "", 0, 0, false, null, false, false, false);
    }
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return new Facts(
          version,
          row.getString("encoding"),
          schemaVersion(connection),
          Migrations.newest(),
          row.getBoolean("read_only"),
          row.getString("schema"),
          row.getBoolean("may_create"),
          row.getBoolean("has_trigrams"),
          row.getBoolean("may_add_trigrams"));
    }
  }

  private static int schemaVersion(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      try (var row = statement.executeQuery("select to_regclass('flyway_schema_history')")) {
        row.next();
        if (row.getString(1) == null) {
          return 0;
        }
      }
      var sql =
          """
          select coalesce(max(cast(version as int)), 0)
          from flyway_schema_history
          where success and version ~ '^[0-9]{1,9}$'
          """;
      try (var row = statement.executeQuery(sql)) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /** What to do about a failed connection, by its SQLSTATE (PostgreSQL's appendix A). */
  static String explain(SQLException failure) {
    var said =
        String.valueOf(failure.getMessage())
            .replaceAll("\\s+", " ")
            .replaceAll(" Location: File: .*", "")
            .strip();
    if (failure.getCause() instanceof UnknownHostException) {
      return "there is no such host (check colloquy.database.url)";
    }
    if (said.contains("no password was provided")) {
      return "it wants a password (set colloquy.database.username and colloquy.database.password)";
    }
    var state = String.valueOf(failure.getSQLState());
    var advice =
        switch (state) {
          case "08001", "08004", "08006" -> "is it running, and do host and port fit?";
          case "28P01", "28000" ->
              "check colloquy.database.username and colloquy.database.password";
          case "3D000" -> "create the database, or check the name in colloquy.database.url";
          case "53300" -> "raise its max_connections, or stop what uses them";
          case "57P03" -> "it is starting or stopping: try again";
          default -> "see colloquy.database.url";
        };
    return "%s (%s)".formatted(said, advice);
  }

  /** The URL without what may be secret: its parameters, and a user before the host. */
  static String place(String url) {
    return url.replaceAll("[?].*", "").replaceAll("//[^/@]*@", "//");
  }
}

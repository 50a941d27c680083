package dev.colloquy.platform.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of the embedded PostgreSQL: the cluster, its password and its settings. Used by one
 * thread at a time, of the program that holds the folder's lock.
 */
final class Cluster {
  /** The database, and the role that owns it: no superuser, and the only one with a password. */
  static final String NAME = "colloquy";

  private static final Pattern WRONG = Pattern.compile("(?i)\\b(error|fatal|panic):");
  private static final Duration INIT_LIMIT = Duration.ofMinutes(3);
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("listen_addresses", "127.0.0.1"),
          Map.entry("unix_socket_directories", ""),
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("password_encryption", "scram-sha-256"),
          Map.entry("max_connections", "100"),
          Map.entry("shared_buffers", "192MB"),
          Map.entry("timezone", "UTC"),
          Map.entry("log_timezone", "UTC"),
          // Starts, stops and crashes. A statement's errors go to the client that sent it, and
          // nowhere else: they may quote what people wrote (invariant 9).
          Map.entry("log_min_messages", "log"),
          Map.entry("log_checkpoints", "off"),
          Map.entry("log_error_verbosity", "terse"),
          Map.entry("log_min_error_statement", "panic"));

  private final Path folder;
  private final Path data;
  private final Path password;
  private final PostgresOptions options;

  Cluster(Path folder, PostgresOptions options) {
    this.folder = folder;
    this.data = folder.resolve("cluster");
    this.password = folder.resolve("password");
    this.options = options;
  }

  Path data() {
    return data;
  }

  Path passwordFile() {
    return password;
  }

  Path log() {
    return folder.resolve("postgres.log");
  }

  /** The role's password. */
  String password() throws IOException {
    return Files.readString(password).strip();
  }

  /**
   * Makes the cluster unless it is there. It is made aside and gets its name last, so that one with
   * the name is whole.
   */
  void createOnce(Bundle bundle, Account account) throws IOException {
    if (Files.isDirectory(data)) {
      checkVersion(bundle);
      return;
    }
    var fresh = folder.resolve("cluster.new");
    PrivateFiles.delete(fresh);
    PrivateFiles.folder(fresh);
    PrivateFiles.write(password, newPassword());
    account.own(fresh, password);
    initialize(bundle, account, fresh);
    createDatabase(bundle, account, fresh);
    PrivateFiles.write(
        fresh.resolve("postgresql.conf"),
        """
        # Written by the server at each start:
        include 'colloquy.conf'
        # Yours, which win:
        include_if_exists 'local.conf'
        """);
    PrivateFiles.write(fresh.resolve("local.conf"), "# Your own settings of PostgreSQL.\n");
    account.own(fresh);
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private void initialize(Bundle bundle, Account account, Path target) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--pgdata=" + target,
                "--username=postgres",
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums"));
    if (!options.durable()) {
      arguments.add("--no-sync");
    }
    var command = new ArrayList<>(Account.with(account, bundle.program("initdb")));
    command.addAll(arguments);
    var made = Command.run(command, INIT_LIMIT, null);
    if (!made.succeeded()) {
      throw new PostgresException(
          "PostgreSQL could not make its files in %s: %s".formatted(target, reason(made)));
    }
  }

  /** In single-user mode, so that no server listens before the superuser's password is gone. */
  private void createDatabase(Bundle bundle, Account account, Path target) throws IOException {
    var script = folder.resolve("create.sql");
    PrivateFiles.write(
        script,
        """
        create role %1$s login createdb password '%2$s'
        create database %1$s owner %1$s
        alter role postgres password null
        """
            .formatted(NAME, password()));
    try {
      var command =
          Account.with(
              account,
              bundle.program("postgres"),
              "--single",
              "-D",
              target.toString(),
              "-c",
              "fsync=" + (options.durable() ? "on" : "off"),
              "-c",
              "log_min_messages=error",
              "-c",
              "log_min_error_statement=panic",
              "postgres");
      var made = Command.run(command, INIT_LIMIT, script);
      if (!made.succeeded() || made.output().contains("ERROR:")) {
        throw new PostgresException(
            "PostgreSQL could not make its database in %s: %s".formatted(target, reason(made)));
      }
    } finally {
      Files.deleteIfExists(script);
    }
  }

  private void checkVersion(Bundle bundle) throws IOException {
    var file = data.resolve("PG_VERSION");
    if (!Files.exists(file)) {
      throw new PostgresException(
          "%s is missing: restore the whole data folder from your backup".formatted(file));
    }
    var made = Files.readString(file).strip();
    var version = bundle.majorVersion();
    if (!made.equals(version)) {
      throw new PostgresException(
          "%s was made by PostgreSQL %s, and this build carries %s: dump it with the version that"
                  .formatted(data, made, version)
              + " made it and restore it into a new data folder");
    }
    if (!Files.exists(password)) {
      throw new PostgresException(
          "%s is missing: restore it together with %s from your backup"
              .formatted(password, data.getFileName()));
    }
  }

  /** Writes the settings that the next start reads. */
  void configure(Account account, int port) throws IOException {
    var settings = new TreeMap<>(SETTINGS);
    settings.putAll(options.settings());
    settings.put("port", Integer.toString(port));
    var file = data.resolve("colloquy.conf");
    PrivateFiles.write(
        file,
        settings.entrySet().stream()
            .map(e -> "%s = '%s'\n".formatted(e.getKey(), e.getValue().replace("'", "''")))
            .collect(Collectors.joining()));
    account.own(file);
  }

  /** The port of the last start; 0 when there was none. */
  int lastPort() throws IOException {
    var file = data.resolve("colloquy.conf");
    if (!Files.exists(file)) {
      return 0;
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.matches("port = '\\d{1,5}'"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** What went wrong, else what it said last. */
  private static String reason(Command.Result result) {
    return result
        .output()
        .lines()
        .filter(line -> WRONG.matcher(line).find())
        .findFirst()
        .orElseGet(() -> lastLine(result));
  }

  private static String lastLine(Command.Result result) {
    return result.output().lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("?");
  }

  private static String newPassword() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

package dev.colloquy.platform.launch;

import dev.colloquy.platform.postgres.EmbeddedPostgres;
import dev.colloquy.platform.postgres.PostgresException;
import dev.colloquy.platform.postgres.PostgresOptions;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.configuration.ConfigUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the ground for the server: checks what it needs, starts the embedded PostgreSQL unless
 * the operator has one, and stops it after the server.
 */
public final class Launch {
  private static final Duration SERVER_STOP_LIMIT = Duration.ofSeconds(30);

  private Launch() {}

  /**
   * Gets everything ready and tells Quarkus where the database is. Where that fails, it prints what
   * is wrong on standard error, in one line, and ends the program with exit code 1.
   *
   * @param settings all that may be set
   * @param rules what must hold between them
   */
  public static void prepare(List<Setting> settings, List<SettingRule> rules) {
    try {
      var config = ConfigUtils.configBuilder().build();
      var check = new SettingsCheck(config, settings, rules);
      check.check();
      check.ignored().forEach(warning -> System.err.println("colloquy: " + warning));
      prepare(LaunchConfig.of(config));
    } catch (LaunchException | PostgresException e) {
      System.err.println("colloquy: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void prepare(LaunchConfig config) {
    checkPort(config);
    var url = config.url();
    if (url != null) {
      ExternalDatabase.check(url, config.username(), config.password());
      tellQuarkus(url, config.username(), config.password());
      return;
    }
    var options = new PostgresOptions(config.binaries(), Map.of());
    var postgres = EmbeddedPostgres.start(config.dataDir(), options);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stopAfterServer(postgres), "postgres-stop"));
    System.setProperty("colloquy.database.embedded", "true");
    if (config.secretKey() == null) {
      System.setProperty("colloquy.secret-key", SecretKeyFile.in(config.dataDir()));
    }
    tellQuarkus(postgres.jdbcUrl(), postgres.username(), postgres.password());
  }

  private static void tellQuarkus(
      String url, @Nullable String username, @Nullable String password) {
    tellQuarkus("jdbc.url", url);
    tellQuarkus("username", username);
    tellQuarkus("password", password);
  }

  private static void tellQuarkus(String setting, @Nullable String value) {
    if (value != null) {
      System.setProperty("quarkus.datasource." + setting, value);
    }
  }

  /** The server's own shutdown runs at the same time as this, and needs the database to its end. */
  private static void stopAfterServer(EmbeddedPostgres postgres) {
    var server = Application.currentApplication();
    if (server != null) {
      try {
        var waiting = Thread.ofPlatform().daemon().start(server::awaitShutdown);
        waiting.join(SERVER_STOP_LIMIT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // stops the sooner
      }
    }
    postgres.stop();
  }

  /**
   * Before anything is started: Quarkus finds out last, and tells it in many lines. Where any port
   * will do one is chosen here, so that all who ask for the setting learn it.
   */
  private static void checkPort(LaunchConfig config) {
    var address = new InetSocketAddress(config.host(), config.port());
    if (address.isUnresolved()) {
      throw new LaunchException(
          "quarkus.http.host must be an address of this machine: there is no host named \"%s\""
              .formatted(config.host()));
    }
    try (var socket = new ServerSocket()) {
      socket.bind(address);
      if (config.port() == 0) {
        System.setProperty("quarkus.http.port", Integer.toString(socket.getLocalPort()));
      }
    } catch (IOException e) {
      throw new LaunchException(
          "cannot listen on %s:%d (%s): %s"
              .formatted(config.host(), config.port(), e.getMessage(), advice(address, e)),
          e);
    }
  }

  private static String advice(InetSocketAddress address, IOException failure) {
    if (!isOfThisMachine(address.getAddress())) {
      return "quarkus.http.host must be an address of this machine, or 0.0.0.0 for all of them";
    }
    return String.valueOf(failure.getMessage()).contains("Permission denied")
        ? "this account may not use ports below 1024: choose a quarkus.http.port above, or give it"
            + " the right (CAP_NET_BIND_SERVICE)"
        : "stop what uses the port, or choose another with quarkus.http.port";
  }

  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true; // nobody knows
    }
  }
}

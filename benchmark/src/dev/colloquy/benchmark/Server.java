package dev.colloquy.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server in a process of its own, with fixed keys, its agent set to the stub model.
 */
final class Server implements Closeable {
  private static final String[] NO_KEY = {};
  private static final int START_TRIES = 900;

  private final Process process;
  private final Path log;
  private final int port = Postgres.freePort();
  private final String agentKey = key("agent");
  private final String organizationKey = key("organization");
  private final String agentId;
  private final Http http = new Http(port);

  /**
   * Starts the server and waits until it is ready.
   *
   * @param folder for its data and log
   * @param stubPort where the stub model listens
   * @throws IOException when it does not get ready within 90 s, with the end of its log
   */
  Server(
      Settings settings, Path folder, List<String> databaseSettings, int stubPort, Cleanup cleanup)
      throws IOException, InterruptedException {
    var jar = settings.app().resolve("quarkus-run.jar");
    if (!Files.isRegularFile(jar)) {
      throw new IOException("the server is not built: run ./mvnw -DskipTests package");
    }
    log = folder.resolve("server.log");
    var command = new ArrayList<>(List.of(Child.java()));
    command.addAll(List.of(settings.jvm().split(" +")));
    var properties = new ArrayList<>(databaseSettings);
    properties.add("quarkus.http.host=127.0.0.1");
    properties.add("quarkus.http.port=" + port);
    properties.add("colloquy.data-dir=" + folder.resolve("data"));
    properties.add("colloquy.model.openai.base-url=http://127.0.0.1:" + stubPort + "/v1");
    properties.add("colloquy.model.openai.api-key=stub");
    properties.add("colloquy.bootstrap.agent-key=" + agentKey);
    properties.add("colloquy.bootstrap.organization-key=" + organizationKey);
    properties.add("colloquy.bootstrap.super-admin-key=" + key("super-admin"));
    properties.add("colloquy.secret-key=" + key("secret"));
    properties.addAll(settings.server());
    properties.forEach(property -> command.add("-D" + property));
    command.addAll(List.of("-jar", jar.toString()));
    process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    cleanup.add(this);
    awaitReady();
    agentId = answerWithStub();
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  Http http() {
    return http;
  }

  String agentId() {
    return agentId;
  }

  /** The header that speaks for the agent, as name and value. */
  String[] agentHeader() {
    return new String[] {"Agent-Secret-Key", agentKey};
  }

  /** Sets how the agent uses a channel: {@code email}, {@code sms} or {@code voice}. */
  void setSkill(String name, String settings) throws IOException, InterruptedException {
    http.require(
        "PUT", "/external/agents/" + agentId + "/skills/" + name, organizationHeader(), settings);
  }

  private String[] organizationHeader() {
    return new String[] {"Organization-Secret-Key", organizationKey};
  }

  /** The last lines of the server's log. */
  String logEnd() throws IOException {
    var lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  /** The lines of its log at WARN or above. */
  List<String> warnings() throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains("level=WARN") || line.contains("level=ERROR"))
        .toList();
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (var tries = 0; tries < START_TRIES; tries++) {
      try {
        if (http.send("GET", "/health/ready", NO_KEY, "").statusCode() == 200) {
          return;
        }
      } catch (java.net.ConnectException e) {
        // not listening yet
      }
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new IOException("the server did not get ready:\n" + logEnd());
  }

  /** The agent's id. */
  private String answerWithStub() throws IOException, InterruptedException {
    var agent = http.require("GET", "/external/agents/by-api-key", agentHeader(), "");
    var id = Json.text(agent, "id");
    http.require(
        "PUT",
        "/external/agents/" + id,
        organizationHeader(),
        "{\"model\":\"openai:stub\",\"isFileSearchEnabled\":false}");
    return id;
  }

  private static String key(String kind) {
    return "benchmark-" + kind + "-" + UUID.randomUUID() + UUID.randomUUID();
  }

  @Override
  public void close() {
    http.close();
    Child.stop(process, Duration.ofSeconds(30));
  }
}

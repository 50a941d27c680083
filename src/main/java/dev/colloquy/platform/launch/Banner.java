package dev.colloquy.platform.launch;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server tells a person when it is ready: where it is, and one line to try it with. */
public final class Banner {
  private Banner() {}

  /**
   * What is told. Keys are given on the start that made them, and null ever after.
   *
   * @param address the server's address as a caller on this machine writes it
   * @param dataDir the data folder; null where the database is external
   * @param agentId the demo agent's; null once it is deleted
   * @param conversationId a conversation of that agent, for the line to try; null: no such line
   * @param channels the page of captured channels; null where there is none
   */
  public record Facts(
      URI address,
      @Nullable Path dataDir,
      @Nullable String agentId,
      @Nullable String agentKey,
      @Nullable String organizationKey,
      @Nullable String superAdminKey,
      @Nullable String conversationId,
      @Nullable URI channels) {}

  /** Prints the text on standard output. */
  public static void print(Facts facts) {
    System.out.println(text(facts));
  }

  /** The text, without an end of line. */
  public static String text(Facts facts) {
    var address = facts.address().toString().replaceAll("/+$", "");
    var lines = new ArrayList<String>();
    lines.add("Colloquy is ready at " + address);
    lines.add("");
    var agentId = facts.agentId();
    if (agentId != null) {
      lines.add(line("demo agent", agentId));
    }
    addKey(lines, "agent key", facts.agentKey());
    addKey(lines, "organization key", facts.organizationKey());
    addKey(lines, "super-admin key", facts.superAdminKey());
    lines.add(line("API", address + "/external/docs"));
    lines.add(line("metrics", address + "/metrics"));
    var channels = facts.channels();
    if (channels != null) {
      lines.add(line("channels", channels + "  (captured mails, texts and calls)"));
    }
    var data = facts.dataDir();
    lines.add(
        line(
            "data",
            data == null ? "an external PostgreSQL" : data.toAbsolutePath().normalize() + ""));
    var conversationId = facts.conversationId();
    if (conversationId != null) {
      lines.add("");
      lines.add("Ask the demo agent:");
      lines.add(curl(address, conversationId, facts.agentKey()));
    }
    lines.add("");
    return String.join(System.lineSeparator(), lines);
  }

  private static void addKey(List<String> lines, String name, @Nullable String key) {
    if (key != null) {
      lines.add(line(name, key + "  (shown this once: keep it)"));
    }
  }

  private static String line(String name, String value) {
    return "  %-17s %s".formatted(name, value);
  }

  /** Double quotes alone mean the same to a POSIX shell and to Windows' cmd. */
  private static String curl(String address, String conversationId, @Nullable String agentKey) {
    return "curl -s %s/external/conversations/%s/messages".formatted(address, conversationId)
        + " -H \"Agent-Secret-Key: %s\"".formatted(agentKey == null ? "$KEY" : agentKey)
        + " -H \"Content-Type: application/json\""
        + " -d \"{\\\"message\\\":\\\"What can you do?\\\"}\"";
  }
}

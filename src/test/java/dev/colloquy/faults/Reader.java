package dev.colloquy.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Follows a feed over reconnects, at any server; what was read, in order. One thread reads. */
final class Reader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SILENCE_MS = 4_000;

  private final Nodes nodes;
  private final Client client;
  private final Ledger ledger;
  private final String key;
  private final SplittableRandom random;
  private final List<Seen> seen = new ArrayList<>();
  private volatile boolean stopped;

  /** An event that was read. */
  record Seen(String conversation, long seq, String type, String message) {
    static Seen of(JsonNode event) {
      var isMessage = event.path("type").asText().equals("message.created");
      return new Seen(
          event.path("conversationId").asText(),
          event.path("seq").asLong(),
          event.path("type").asText(),
          isMessage ? event.path("data").path("id").asText() : "");
    }
  }

  Reader(Nodes nodes, Client client, Ledger ledger, String key, long seed) {
    this.nodes = nodes;
    this.client = client;
    this.ledger = ledger;
    this.key = key;
    this.random = new SplittableRandom(seed);
  }

  void stop() {
    stopped = true;
  }

  /** What was read so far. */
  List<Seen> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  int count() {
    synchronized (seen) {
      return seen.size();
    }
  }

  private void read(JsonNode event) {
    synchronized (seen) {
      seen.add(Seen.of(event));
    }
  }

  /** Follows a conversation's stream, and resumes it where it broke. */
  void followConversation(String conversation) {
    var last = "";
    while (!stopped) {
      try {
        last = stream("/external/conversations/" + conversation + "/events", last);
      } catch (IOException e) {
        ledger.count("broken-streams");
      }
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(20, 500)).toNanos());
    }
  }

  /** Reads until the stream breaks or enough was read; the last event's id. */
  private String stream(String path, String from) throws IOException {
    var connection = (HttpURLConnection) nodes.any(random).resolve(path).toURL().openConnection();
    var place = new Place(from);
    try {
      connection.setConnectTimeout(2_000);
      connection.setReadTimeout(SILENCE_MS);
      connection.setRequestProperty("Accept", "text/event-stream");
      connection.setRequestProperty("Agent-Secret-Key", key);
      if (!from.isEmpty()) {
        connection.setRequestProperty("Last-Event-ID", from);
      }
      if (connection.getResponseCode() != 200) {
        return from;
      }
      var lines =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      var left = random.nextInt(5, 60);
      for (var line = lines.readLine(); line != null && !stopped; line = lines.readLine()) {
        if (place.take(line) && --left == 0) {
          ledger.count("dropped-streams");
          return place.last;
        }
      }
    } catch (IOException e) {
      ledger.count("broken-streams");
    } finally {
      connection.disconnect();
    }
    return place.last;
  }

  /** Where a reader is, by the lines of the stream. */
  private final class Place {
    private String last;
    private String id = "";
    private String data = "";

    Place(String last) {
      this.last = last;
    }

    /** Whether the line ended an event that has a place in the feed. */
    boolean take(String line) throws IOException {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty()) {
        var isPlaced = !id.isEmpty();
        if (isPlaced) {
          read(JSON.readTree(data));
          last = id;
        }
        id = "";
        data = "";
        return isPlaced;
      }
      return false;
    }
  }

  /** Follows the agent's feed by long polls. */
  void followAgent() {
    var cursor = "";
    while (!stopped) {
      try {
        var path =
            "/external/events?wait=3&limit=%d%s"
                .formatted(random.nextInt(1, 50), cursor.isEmpty() ? "" : "&cursor=" + cursor);
        var response = client.get(random, path, Duration.ofSeconds(8));
        if (response.statusCode() == 200) {
          var page = Client.read(response);
          page.path("data").forEach(this::read);
          cursor = page.path("nextCursor").asText();
          continue;
        }
        ledger.count("poll-status-" + response.statusCode());
      } catch (IOException e) {
        ledger.count("broken-polls");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }
}

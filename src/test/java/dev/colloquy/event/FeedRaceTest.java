package dev.colloquy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Readers of feeds while everything happens at once. */
@ServerTest
class FeedRaceTest {
  private static final int WRITERS = 6;
  private static final int STEPS = 40;
  private static final int READERS = 3;

  @Inject Database database;

  /** An event as a reader saw it. */
  private record Seen(String conversation, long seq, String type) {}

  @Test
  void readersMissNothingAndGetNothingTwiceWhateverHappensMeanwhile() throws Exception {
    var seed = System.nanoTime();
    System.getLogger("test").log(System.Logger.Level.INFO, "seed {0}", Long.toString(seed));
    var agent = Api.newAgent();
    var user = agent.newUser();
    Set<String> open = ConcurrentHashMap.newKeySet();
    Set<String> deleted = ConcurrentHashMap.newKeySet();
    var done = new AtomicBoolean();
    List<List<Seen>> read;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var readers =
          IntStream.range(0, READERS)
              .mapToObj(n -> threads.submit(() -> follow(agent, 1 + 3 * n, done)))
              .toList();
      var writers =
          IntStream.range(0, WRITERS)
              .mapToObj(n ->
                  (Callable<Void>)
                      () -> {
                        var random = new Random(seed + n);
                        for (int step = 0; step < STEPS; step++) {
                          step(agent, user, random, open, deleted);
                        }
                        return null;
                      })
              .toList();
      for (var writer : threads.invokeAll(writers)) {
        writer.get();
      }
      awaitNoTurns(agent);
      done.set(true);
      read = new ArrayList<>();
      for (Future<List<Seen>> reader : readers) {
        read.add(reader.get());
      }
    }
    assertThat(deleted).as("seed " + seed).isNotEmpty();
    for (var events : read) {
      check(events, open, deleted, seed);
    }
    for (var conversation : open) {
      assertThat(ofConversation(agent, conversation)).isEqualTo(stored(conversation));
    }
  }

  private void check(List<Seen> events, Set<String> open, Set<String> deleted, long seed) {
    assertThat(new HashSet<>(events)).as("no repeat, seed " + seed).hasSameSizeAs(events);
    var byConversation = events.stream().collect(Collectors.groupingBy(Seen::conversation));
    byConversation
        .values()
        .forEach(
            of -> assertThat(of).extracting(Seen::seq).as("in order, seed " + seed).isSorted());
    for (var conversation : open) {
      assertThat(byConversation.getOrDefault(conversation, List.of()))
          .as("equal to the tables, seed " + seed)
          .isEqualTo(stored(conversation));
    }
    for (var conversation : deleted) {
      assertThat(byConversation.get(conversation).getLast().type())
          .as("seed " + seed)
          .isEqualTo("conversation.deleted");
    }
  }

  private static void step(
      Api agent, String user, Random random, Set<String> open, Set<String> deleted) {
    var all = List.copyOf(open);
    if (all.size() < 3) {
      open.add(agent.newConversation(user));
      return;
    }
    var id = all.get(random.nextInt(all.size()));
    var path = "/external/conversations/" + id;
    Response done =
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3, 4, 5 ->
              agent.post(path + "/messages/async", Map.of("message", "q" + random.nextInt()));
          case 6 -> agent.put(path + "/mode", Map.of("mode", "manual"));
          case 7, 8 -> agent.put(path + "/mode", Map.of("mode", "ai"));
          case 9 -> agent.put(path, Map.of("title", "t" + random.nextInt(3), "status", "archived"));
          case 10 -> feedback(agent, user, path);
          default -> {
            var gone = agent.delete(path);
            if (gone.statusCode() == 204) {
              open.remove(id);
              deleted.add(id);
            }
            yield gone;
          }
        };
    // Another thread may have deleted it.
    assertThat(done.statusCode()).isIn(200, 201, 204, 404);
  }

  private static Response feedback(Api agent, String user, String path) {
    var messages = agent.get(path + "/messages");
    var message = messages.<String>path("messages[0].id");
    return message == null
        ? messages
        : agent.post(
            "/external/conversation-message-feedbacks",
            Map.of(
                "conversationMessageId",
                message,
                "userId",
                user,
                "voteType",
                "up",
                "question",
                "q"));
  }

  /** Reads page after page until the work is done and nothing more comes. */
  private static List<Seen> follow(Api agent, int limit, AtomicBoolean done) {
    var seen = new ArrayList<Seen>();
    var cursor = "";
    while (true) {
      var last = done.get();
      var page = agent.get("/external/events?wait=1&limit=" + limit + "&cursor=" + cursor);
      page.then().statusCode(200);
      cursor = page.path("nextCursor");
      var events = seen(page);
      seen.addAll(events);
      if (last && events.isEmpty()) {
        return seen;
      }
    }
  }

  private static List<Seen> ofConversation(Api agent, String conversation) {
    return seen(agent.get("/external/conversations/" + conversation + "/events?limit=1000"));
  }

  private static List<Seen> seen(Response page) {
    return page.jsonPath().<Map<String, Object>>getList("data").stream()
        .map(event ->
            new Seen(
                (String) event.get("conversationId"),
                ((Number) event.get("seq")).longValue(),
                (String) event.get("type")))
        .toList();
  }

  private List<Seen> stored(String conversation) {
    var sql =
        """
        select seq, type
        from (select seq, 'message.created' as type from message where conversation_id = :id
              union all
              select seq, type from conversation_event where conversation_id = :id) events
        order by seq
        """;
    return database.read(tx ->
        tx.createQuery(sql)
            .bind("id", UUID.fromString(conversation))
            .map((row, _) -> new Seen(conversation, row.getLong("seq"), row.getString("type")))
            .list());
  }

  private void awaitNoTurns(Api agent) {
    var id = agent.get("/external/conversations?pageSize=1").<String>path("data[0].id");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            database.read(tx ->
                tx.createQuery(
                        """
                        select count(*) from turn
                        where status in ('pending', 'running')
                          and agent_id = (select agent_id from conversation where id = :id)
                        """)
                    .bind("id", UUID.fromString(id))
                    .mapTo(Integer.class)
                    .one())
                == 0);
  }
}

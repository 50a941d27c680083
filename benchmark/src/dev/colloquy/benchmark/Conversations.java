package dev.colloquy.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Makes the people and their conversations over the API, some at a time. */
final class Conversations {
  private static final int AT_A_TIME = 16;

  private Conversations() {}

  /** The ids of as many new conversations as the settings want. */
  static List<String> create(Server server, Settings settings)
      throws IOException, InterruptedException {
    var users =
        all(
            settings.users(),
            n ->
                post(
                    server,
                    "/external/users",
                    "{\"firstName\":\"Load\",\"lastName\":\"Number %d\",\"fkId\":\"load-%d\"}"
                        .formatted(n, n)));
    return all(
        settings.conversations(),
        n ->
            post(
                server,
                "/external/conversations",
                "{\"conversationUserId\":\"%s\"}".formatted(users.get(n % users.size()))));
  }

  private static String post(Server server, String path, String body)
      throws IOException, InterruptedException {
    return Json.text(server.http().require("POST", path, server.agentHeader(), body), "id");
  }

  private interface Creation {
    String create(int number) throws IOException, InterruptedException;
  }

  private static List<String> all(int count, Creation creation)
      throws IOException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
      var creations =
          IntStream.range(0, count)
              .<Callable<String>>mapToObj(n -> () -> creation.create(n))
              .toList();
      var ids = new ArrayList<String>();
      for (var created : threads.invokeAll(creations)) {
        ids.add(created.get());
      }
      return ids;
    } catch (ExecutionException e) {
      throw new IOException("setting up failed: " + e.getCause().getMessage(), e);
    }
  }
}

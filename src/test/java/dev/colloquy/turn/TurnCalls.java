package dev.colloquy.turn;

import static org.awaitility.Awaitility.await;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ModelAnswer;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What tests of turns do over the API, and a gate that models wait at. */
final class TurnCalls {
  static final Duration SOON = Duration.ofSeconds(20);

  private TurnCalls() {}

  /** Holds the model's answers until it is opened. */
  static final class Gate {
    final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();

    ModelAnswer pass(String text) {
      waiting.incrementAndGet();
      try {
        if (!open.await(30, TimeUnit.SECONDS)) {
          throw new IllegalStateException("nobody opened the gate");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return ModelAnswer.reply(text);
    }

    void awaitWaiting(int count) {
      await().atMost(SOON).until(() -> waiting.get() >= count);
    }
  }

  static Response async(Api agent, String conversation, String message) {
    return agent.post(
        "/external/conversations/" + conversation + "/messages/async", Map.of("message", message));
  }

  static Response mode(Api agent, String conversation, String mode) {
    return agent.put("/external/conversations/" + conversation + "/mode", Map.of("mode", mode));
  }

  static String responseOn(Api agent, String conversation, String question) {
    return agent
        .get("/external/conversations/" + conversation + "/messages/" + question + "/response-on")
        .path("status");
  }

  static List<String> texts(Api agent, String conversation) {
    return agent
        .get("/external/conversations/" + conversation + "/messages")
        .jsonPath()
        .getList("messages.message");
  }

  static <T> List<T> race(int racers, Callable<T> work) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(Collections.nCopies(racers, work)).stream()
          .map(Future::resultNow)
          .toList();
    }
  }
}

package dev.colloquy.faults;

import dev.colloquy.faults.Ledger.Answer;
import dev.colloquy.faults.Ledger.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A user and the people who help him: everything that is done in one conversation. */
final class Actor implements Runnable {
  private static final String INTERRUPT = "interrupt";
  private static final String REJECT = "reject";

  private final int number;
  private final String conversation;
  private final Client client;
  private final Ledger ledger;
  private final RandomGenerator random;
  private final ExecutorService threads;
  private final BooleanSupplier isOver;
  private final AtomicInteger messages = new AtomicInteger();

  Actor(
      int number,
      String conversation,
      Client client,
      Ledger ledger,
      long seed,
      ExecutorService threads,
      BooleanSupplier isOver) {
    this.number = number;
    this.conversation = conversation;
    this.client = client;
    this.ledger = ledger;
    this.random = random(seed);
    this.threads = threads;
    this.isOver = isOver;
  }

  private static RandomGenerator random(long seed) {
    return new java.util.SplittableRandom(seed);
  }

  @Override
  public void run() {
    try {
      while (!isOver.getAsBoolean()) {
        round();
        pause(300, 2_500);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("conversation " + conversation, e);
    }
  }

  private void round() throws InterruptedException, ExecutionException {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> send(true, Map.of()).get();
      case 3, 4 -> burst();
      case 5 -> whileBusy(INTERRUPT);
      case 6 -> whileBusy(REJECT);
      case 7 -> cancel();
      default -> takeOver();
    }
  }

  /** Some at once. */
  private void burst() throws InterruptedException, ExecutionException {
    Map<String, Object> fields = random.nextInt(4) == 0 ? Map.of("burstWindowMs", 200) : Map.of();
    awaitAll(sendSome(random.nextInt(2, 5), fields));
  }

  private void whileBusy(String whenBusy) throws InterruptedException, ExecutionException {
    var first = sendSome(1, Map.of());
    pause(0, 250);
    var second = send(random.nextBoolean(), Map.of("whenBusy", whenBusy));
    awaitAll(first);
    second.get();
  }

  private void cancel() throws InterruptedException, ExecutionException {
    var sent = send(false, Map.of()).get();
    pause(0, 200);
    if (sent.answer().status() == 201) {
      var question = sent.answer().body().path("id").asText();
      var path = "/messages/" + question + "/turn";
      expect("cancel", client.write(random, "DELETE", path(path), Map.of()), 204, 409);
    }
  }

  private void takeOver() throws InterruptedException, ExecutionException {
    var before = sendSome(random.nextInt(1, 4), Map.of());
    pause(0, 300);
    if (!expect("take-over", mode("manual"), 200)) {
      return;
    }
    var taken = Instant.now();
    var held = random.nextBoolean() ? sendSome(1, Map.of()) : List.<Future<Sent>>of();
    for (var i = random.nextInt(3); i > 0; i--) {
      speak();
    }
    pause(0, 500);
    if (random.nextBoolean()) {
      awaitAll(before);
    }
    awaitAll(held);
    ledger.takenOver(new Ledger.TakeOver(conversation, taken, Instant.now()));
    expect("hand-back", mode("ai"), 200);
    awaitAll(before);
  }

  private Answer mode(String mode) throws InterruptedException {
    return client.write(random, "PUT", path("/mode"), Map.of("mode", mode));
  }

  private void speak() throws InterruptedException {
    var marker = "p-%d-%d".formatted(number, messages.incrementAndGet());
    var answer =
        client.write(
            random,
            "POST",
            path("/send-manual-message"),
            Map.of("message", "Person " + marker + "."));
    expect("manual message", answer, 200);
    ledger.spoken(new Sent(conversation, marker, false, answer));
  }

  private List<Future<Sent>> sendSome(int count, Map<String, Object> fields) {
    var all = new ArrayList<Future<Sent>>();
    for (var i = 0; i < count; i++) {
      all.add(send(random.nextBoolean(), fields));
    }
    return all;
  }

  /** Sends a question, and waits for its answer or not. */
  private Future<Sent> send(boolean waits, Map<String, Object> fields) {
    var marker = "q-%d-%d".formatted(number, messages.incrementAndGet());
    var body = new HashMap<>(fields);
    body.put("message", "Question " + marker + ".");
    var own = random(random.nextLong());
    return threads.submit(() -> {
      var answer = client.write(own, "POST", path(waits ? "/messages" : "/messages/async"), body);
      expect("message " + marker, answer, 201, 409, 502, 503);
      var sent = new Sent(conversation, marker, waits, answer);
      ledger.sent(sent);
      return sent;
    });
  }

  /** Whether there is a final answer; one that nobody could expect is told. */
  private boolean expect(String what, Answer answer, Integer... statuses) {
    if (answer.status() == 0) {
      ledger.wrong("never answered: " + what + " in " + conversation);
    } else if (!List.of(statuses).contains(answer.status())) {
      ledger.wrong("%s in %s: %s".formatted(what, conversation, answer));
    }
    return answer.status() >= 200 && answer.status() < 300;
  }

  private void awaitAll(List<Future<Sent>> sent) throws InterruptedException, ExecutionException {
    for (var one : sent) {
      one.get();
    }
  }

  private String path(String rest) {
    return "/external/conversations/" + conversation + rest;
  }

  private void pause(int least, int most) {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(least, most)).toNanos());
  }
}

package dev.colloquy.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What clients did and were answered, to be compared with the tables. Safe for many threads. */
final class Ledger {
  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final Queue<Sent> spoken = new ConcurrentLinkedQueue<>();
  private final Queue<TakeOver> takeOvers = new ConcurrentLinkedQueue<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap<String, AtomicInteger> counts = new ConcurrentHashMap<>();

  /**
   * A final answer.
   *
   * @param status 0 where none came before everything was over
   */
  record Answer(int status, JsonNode body) {
    boolean isStored() {
      return status == 201 || status == 200 || status == 502 || status == 503 || isCancelled();
    }

    private boolean isCancelled() {
      return status == 409 && body.toString().contains("conversationMessageId");
    }
  }

  /** A message with a text that no other has. */
  record Sent(String conversation, String marker, boolean waits, Answer answer) {}

  /**
   * A person's time in a conversation.
   *
   * @param taken when the take-over had been answered
   * @param handedBack just before the hand-back was asked for
   */
  record TakeOver(String conversation, Instant taken, Instant handedBack) {}

  void sent(Sent message) {
    sent.add(message);
  }

  /** A person's message. */
  void spoken(Sent message) {
    spoken.add(message);
  }

  void takenOver(TakeOver takeOver) {
    takeOvers.add(takeOver);
  }

  /** Something that must not be, whatever happens. */
  void wrong(String what) {
    wrong.add(what);
  }

  void count(String what) {
    counts.computeIfAbsent(what, _ -> new AtomicInteger()).incrementAndGet();
  }

  List<Sent> sent() {
    return List.copyOf(sent);
  }

  List<Sent> spoken() {
    return List.copyOf(spoken);
  }

  List<TakeOver> takeOvers() {
    return List.copyOf(takeOvers);
  }

  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** What clients met, and how often. */
  String counts() {
    return new java.util.TreeMap<>(counts).toString();
  }
}

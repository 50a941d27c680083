package dev.colloquy.benchmark;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What arrived at the providers, by the address or number it was for; exactly one message is
 * expected at each. Any thread.
 */
final class Arrivals {
  private static final long PATIENCE = Duration.ofSeconds(60).toNanos();

  private final Map<String, Box> boxes = new ConcurrentHashMap<>();
  private volatile long lastNanos = System.nanoTime();

  /** Of one address; all but the latch is guarded by the box. */
  private static final class Box {
    final CountDownLatch filled = new CountDownLatch(1);
    boolean expected;
    int count;
    long nanos;
  }

  /** A message for this address is put into the server. */
  void expect(String address) {
    var box = box(address);
    synchronized (box) {
      box.expected = true;
    }
  }

  /** Now a message has arrived. */
  void arrived(String address) {
    var now = System.nanoTime();
    lastNanos = now;
    var box = box(address);
    synchronized (box) {
      box.count++;
      box.nanos = box.count == 1 ? now : box.nanos;
    }
    box.filled.countDown();
  }

  /**
   * Waits until a message is there, or until for a minute nothing has arrived anywhere.
   *
   * @param since when its request was answered, by {@link System#nanoTime}
   * @return whether it is there
   */
  boolean await(String address, long since) throws InterruptedException {
    var filled = box(address).filled;
    var left = left(since);
    while (left > 0 && !filled.await(left, TimeUnit.NANOSECONDS)) {
      left = left(since);
    }
    return filled.getCount() == 0;
  }

  private long left(long since) {
    return PATIENCE - (System.nanoTime() - Math.max(since, lastNanos));
  }

  /** How many have arrived. */
  int count(String address) {
    var box = box(address);
    synchronized (box) {
      return box.count;
    }
  }

  /** When the first arrived, by {@link System#nanoTime}; 0 where none has. */
  long nanos(String address) {
    var box = box(address);
    synchronized (box) {
      return box.nanos;
    }
  }

  /** How many arrived where none was expected. */
  long unexpected() {
    var count = 0L;
    for (var box : boxes.values()) {
      synchronized (box) {
        count += box.expected ? 0 : box.count;
      }
    }
    return count;
  }

  private Box box(String address) {
    return boxes.computeIfAbsent(address, _ -> new Box());
  }
}

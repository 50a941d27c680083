package dev.colloquy.platform.signal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What waits to be sent to the other nodes. Putting something in never waits; what does not fit is
 * kept as the names of topics to look at again, and where even those are too many, as one word.
 */
final class Queue {
  // In UTF-16 units, with something for each hint's own objects: some 8 MB.
  private static final int MAX_SIZE = 4_000_000;
  private static final int SIZE_OF_A_HINT = 64;
  private static final int MAX_LOST = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private Batch batch = new Batch();
  private int size;
  private boolean closed;

  /** What is sent together. */
  static final class Batch {
    final List<Item.Hint> hints = new ArrayList<>();
    final Set<Long> lost = new HashSet<>();
    final Set<String> changed = new LinkedHashSet<>();
    boolean lostAll;
    boolean announce;
    boolean ask;

    boolean isEmpty() {
      return hints.isEmpty()
          && lost.isEmpty()
          && changed.isEmpty()
          && !lostAll
          && !announce
          && !ask;
    }

    void lose(long topic) {
      if (lost.size() < MAX_LOST) {
        lost.add(topic);
      } else {
        lostAll = true;
      }
    }
  }

  /** Puts a hint in; returns whether it fitted. */
  boolean hint(String topic, String payload) {
    lock.lock();
    try {
      var needed = SIZE_OF_A_HINT + topic.length() + payload.length();
      if (size + needed > MAX_SIZE) {
        batch.lose(TopicHash.of(topic));
        return false;
      }
      size += needed;
      batch.hints.add(new Item.Hint(topic, payload));
      return true;
    } finally {
      filled.signal();
      lock.unlock();
    }
  }

  /** The first listener of a topic came, or the last one went. */
  void changed(String topic) {
    put(to -> to.changed.add(topic));
  }

  /** Hints about the topic were not sent. */
  void lost(long topic) {
    put(to -> to.lose(topic));
  }

  /** All that this node listens to is to be said. */
  void announce() {
    put(to -> to.announce = true);
  }

  /** As {@link #announce}, and the others are asked for theirs. */
  void ask() {
    put(to -> {
      to.announce = true;
      to.ask = true;
    });
  }

  /** Puts back what could not be sent, hints as topics to look at again. */
  void failed(Batch unsent) {
    put(to -> {
      unsent.hints.forEach(hint -> to.lose(TopicHash.of(hint.topic())));
      unsent.lost.forEach(to::lose);
      to.lostAll |= unsent.lostAll;
      // Part of it may have been sent, so what changed is said whole.
      to.announce = true;
      to.ask |= unsent.ask;
    });
  }

  private void put(Consumer<Batch> change) {
    lock.lock();
    try {
      change.accept(batch);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something to send, and takes all of it; an empty batch after {@link #close}. */
  Batch take() throws InterruptedException {
    lock.lock();
    try {
      while (batch.isEmpty() && !closed) {
        filled.await();
      }
      var taken = batch;
      batch = new Batch();
      size = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for that long, or until the queue is closed. */
  void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      var left = nanos;
      while (!closed && left > 0) {
        left = filled.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing more is put in that has to be sent. */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * How long a wait after so many failures is: doubling from 100 ms to 5 s, half of it by chance.
   */
  static long backoffNanos(int failures) {
    var most = Math.min(5_000L, 100L << Math.min(failures, 6));
    return TimeUnit.MILLISECONDS.toNanos(most / 2 + ThreadLocalRandom.current().nextLong(most / 2));
  }
}

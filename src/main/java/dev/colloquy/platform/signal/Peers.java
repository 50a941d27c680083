package dev.colloquy.platform.signal;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes said that they listen to. Publishers ask on any thread; only the thread that
 * hears other nodes changes anything.
 *
 * <p>A hint that nobody wanted is remembered for some seconds: a node whose word that it listens
 * was under way meanwhile is then told to look again, so that nothing falls between.
 */
final class Peers {
  private static final long REMEMBERED = Duration.ofSeconds(10).toNanos();
  private static final int MOST_REMEMBERED = 20_000;

  private final Map<UUID, Peer> peers = new ConcurrentHashMap<>();
  private final long forget;
  private volatile Unwanted unwanted = new Unwanted(System.nanoTime());

  Peers(SignalTiming timing) {
    forget = timing.forget().toNanos();
  }

  /** One other node. */
  private static final class Peer {
    final Set<Long> topics = ConcurrentHashMap.newKeySet();
    // What it has said so far of all that it listens to; null while it is not saying so.
    @Nullable Set<Long> announced;
    long heardAt;
  }

  /** The topics of hints that nobody wanted, in two generations. */
  private static final class Unwanted {
    final Set<Long> young = ConcurrentHashMap.newKeySet();
    final Set<Long> old;
    final long since;

    Unwanted(long now) {
      this(now, Set.of());
    }

    private Unwanted(long now, Set<Long> old) {
      this.since = now;
      this.old = old;
    }

    boolean isFull(long now) {
      return now - since > REMEMBERED / 2 || young.size() >= MOST_REMEMBERED;
    }
  }

  /** Whether another node listens to the topic; where none does, the topic is remembered. */
  boolean watch(long topic) {
    if (isWatched(topic)) {
      return true;
    }
    var now = System.nanoTime();
    var remembered = unwanted;
    if (remembered.isFull(now)) {
      // Two threads that do this at once forget something too early, no more.
      remembered = new Unwanted(now, remembered.young);
      unwanted = remembered;
    }
    remembered.young.add(topic);
    // Remembered first, looked again second; who begins to listen does it the other way round.
    return isWatched(topic);
  }

  boolean isWatched(long topic) {
    for (var peer : peers.values()) {
      if (peer.topics.contains(topic)) {
        return true;
      }
    }
    return false;
  }

  /** The node lives. */
  void heard(UUID node) {
    peer(node).heardAt = System.nanoTime();
  }

  /** The node listens; returns whether it may have missed a hint just before. */
  boolean begins(UUID node, long topic) {
    var peer = peer(node);
    if (peer.announced != null) {
      peer.announced.add(topic);
    }
    if (!peer.topics.add(topic)) {
      return false;
    }
    var remembered = unwanted;
    return remembered.young.contains(topic) || remembered.old.contains(topic);
  }

  /** The node does not listen any more. */
  void ends(UUID node, long topic) {
    var peer = peer(node);
    peer.topics.remove(topic);
    if (peer.announced != null) {
      peer.announced.remove(topic);
    }
  }

  /** The node begins to say all that it listens to. */
  void announcing(UUID node) {
    peer(node).announced = new HashSet<>();
  }

  /** It has said all. */
  void announced(UUID node) {
    var peer = peer(node);
    if (peer.announced != null) {
      peer.topics.retainAll(peer.announced);
      peer.announced = null;
    }
  }

  /** The node is gone. */
  void left(UUID node) {
    peers.remove(node);
  }

  /** Forgets the nodes that have been silent for too long. */
  void forgetSilent() {
    var now = System.nanoTime();
    peers.values().removeIf(peer -> now - peer.heardAt > forget);
  }

  /** The others could not be heard for a while, so their silence means nothing yet. */
  void excuseSilence() {
    var now = System.nanoTime();
    peers.values().forEach(peer -> peer.heardAt = now);
  }

  private Peer peer(UUID node) {
    return peers.computeIfAbsent(
        node,
        _ -> {
          var peer = new Peer();
          peer.heardAt = System.nanoTime();
          return peer;
        });
  }
}

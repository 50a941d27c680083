package dev.colloquy.platform.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Who listens to what on this node. */
final class Topics {
  private static final Logger log = Logger.getLogger(Topics.class);

  private final ConcurrentHashMap<String, List<Consumer<String>>> listeners =
      new ConcurrentHashMap<>();

  /** Returns whether the listener is the topic's first. */
  boolean add(String topic, Consumer<String> listener) {
    var now =
        listeners.merge(
            topic,
            List.of(listener),
            (before, one) -> {
              var all = new ArrayList<>(before);
              all.addAll(one);
              return List.copyOf(all);
            });
    return now.size() == 1;
  }

  /** Returns whether the listener was the topic's last. */
  boolean remove(String topic, Consumer<String> listener) {
    var now =
        listeners.computeIfPresent(
            topic,
            (_, before) -> {
              var left = new ArrayList<>(before);
              left.remove(listener);
              return left.isEmpty() ? null : List.copyOf(left);
            });
    return now == null;
  }

  boolean isWatched(String topic) {
    return listeners.containsKey(topic);
  }

  /** The topics with a listener, as they are now. */
  List<String> names() {
    return List.copyOf(listeners.keySet());
  }

  void tell(String topic, String payload) {
    for (var listener : listeners.getOrDefault(topic, List.of())) {
      tell(topic, listener, payload);
    }
  }

  /** Tells the listeners of all topics to look again. */
  void tellAllToLook() {
    listeners.keySet().forEach(topic -> tell(topic, Signals.LOST));
  }

  /** Tells those who listen to topics with these hashes to look again. */
  void tellToLook(Set<Long> hashes) {
    listeners.keySet().stream()
        .filter(topic -> hashes.contains(TopicHash.of(topic)))
        .forEach(topic -> tell(topic, Signals.LOST));
  }

  // A listener's fault must not keep the hint from the others.
  private static void tell(String topic, Consumer<String> listener, String payload) {
    try {
      listener.accept(payload);
    } catch (RuntimeException e) {
      log.errorf(e, "topic=%s event=signal-listener-failed", topic);
    }
  }
}

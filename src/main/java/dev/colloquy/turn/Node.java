package dev.colloquy.turn;

import dev.colloquy.platform.signal.Signals;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** This server among those on the same database. It has another id after every start. */
@Singleton
final class Node {
  private static final String TOPIC = "turns";

  private final UUID id = UUID.randomUUID();
  private final Signals signals;
  private final boolean alone;
  private volatile boolean stopping;
  private volatile long heldUntil = System.nanoTime();

  Node(
      Signals signals,
      @ConfigProperty(name = "colloquy.database.embedded", defaultValue = "false") boolean alone) {
    this.signals = signals;
    this.alone = alone;
  }

  UUID id() {
    return id;
  }

  /** Whether no other node can be on the database. */
  boolean isAlone() {
    return alone;
  }

  /** Notes how long its turns are its own, by {@link System#nanoTime}. */
  void holdUntil(long time) {
    heldUntil = time;
  }

  /**
   * Whether its turns are its own still, for all that it knows: it could renew its lease in time.
   * Another node may have them else.
   */
  boolean hasLease() {
    return System.nanoTime() - heldUntil < 0;
  }

  /** Whether it takes no more turns. */
  boolean isStopping() {
    return stopping;
  }

  void stop() {
    stopping = true;
  }

  /** Has the other nodes look at their turns now: one was ended, or nobody works on it. */
  void tellOthers() {
    signals.broadcast(TOPIC, "look");
  }

  /** Calls the listener, which must not block, when another node or this one said so. */
  void onTold(Runnable listener) {
    var _ = signals.subscribe(TOPIC, _ -> listener.run());
  }
}

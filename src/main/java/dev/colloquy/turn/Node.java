package dev.colloquy.turn;

import jakarta.inject.Singleton;
import java.util.UUID;

/** This server among those on the same database. It has another id after every start. */
@Singleton
final class Node {
  private final UUID id = UUID.randomUUID();
  private volatile boolean stopping;

  UUID id() {
    return id;
  }

  /** Whether it takes no more turns. */
  boolean isStopping() {
    return stopping;
  }

  void stop() {
    stopping = true;
  }
}

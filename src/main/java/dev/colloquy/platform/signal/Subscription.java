package dev.colloquy.platform.signal;

/** A listener's place at a topic; closing gives it back, also when done twice. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  /** Nothing more is told from now on, except what another thread is telling at this moment. */
  @Override
  void close();
}

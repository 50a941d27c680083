package dev.colloquy.channel;

/**
 * Makes something of what came in. It runs at least once for each event; what it stores, it stores
 * in one transaction with {@link Inbound#take} before and {@link Inbound#handled} or {@link
 * Inbound#ignored} after, so that it has one effect. It calls no network inside of that
 * transaction.
 */
public interface InboundHandler {
  /** The source that it handles. */
  String source();

  /**
   * Handles the event. What it throws lets the event be tried again later, and in the end be put
   * aside as failed; it can be replayed from there.
   */
  void handle(InboundEvent event) throws InterruptedException;
}

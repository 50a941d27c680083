package dev.colloquy.turn;

import dev.colloquy.message.Message;

/** How a turn ended, for whoever waits for it. */
sealed interface TurnOutcome {
  /** The agent answered. */
  record Replied(Message reply) implements TurnOutcome {}

  /** A person answers in this conversation; the question waits for them. */
  record HeldForPerson(Message question) implements TurnOutcome {}

  /**
   * No reply could be made.
   *
   * @param reason what kind of failure it was
   * @param text fit for a caller
   */
  record Failed(FailureReason reason, String text) implements TurnOutcome {}

  /** This server stops; the turn is still open, and another one or the next start goes on. */
  record LeftOpen() implements TurnOutcome {}

  /** The conversation was deleted meanwhile. */
  record Deleted() implements TurnOutcome {}
}

package dev.colloquy.turn;

import dev.colloquy.message.Message;

/** What became of a question that was offered. */
sealed interface Accepted {
  /**
   * Stored, and this node runs its turn.
   *
   * @param agentLimit how many turns of the agent a node runs at once; 0 for the default
   */
  record Claimed(Turn turn, int agentLimit) implements Accepted {}

  /** Stored; an earlier turn of the conversation runs first. */
  record Pending(Message question) implements Accepted {}

  /** Stored; a person answers in this conversation. */
  record Held(Message question) implements Accepted {}

  /** Not stored: the conversation is not the caller's, or there is none. */
  record NotFound() implements Accepted {}

  /** Not stored: the agent is inactive. */
  record AgentInactive() implements Accepted {}

  /** Not stored: too many questions of the conversation are open. */
  record TooManyOpen() implements Accepted {}
}

package dev.colloquy.turn;

import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import java.time.Duration;

/** What became of a question that was offered. */
sealed interface Accepted {
  /** Stored, and this node runs its turn. */
  record Claimed(Turn turn) implements Accepted {}

  /** Stored; an earlier turn of the conversation runs first. */
  record Pending(Message question) implements Accepted {}

  /** Stored; a person answers in this conversation. */
  record Held(Message question) implements Accepted {}

  /**
   * Stored; it waits for more of its kind, and is answered with them.
   *
   * @param startsIn how long it waits where no more comes
   * @param interrupts whether a turn that was running is to be answered with it
   */
  record Gathering(Message question, Duration startsIn, boolean interrupts) implements Accepted {}

  /** Not stored: an earlier request with its Idempotency-Key stored this question instead. */
  record Replayed(MessageId question) implements Accepted {}

  /** Not stored: an earlier request with its Idempotency-Key had another body. */
  record OtherBody() implements Accepted {}

  /** Not stored: another question is being answered, and that is what shall happen then. */
  record Busy() implements Accepted {}

  /** Not stored: the conversation is not the caller's, or there is none. */
  record NotFound() implements Accepted {}

  /** Not stored: the agent is inactive. */
  record AgentInactive() implements Accepted {}

  /** Not stored: too many questions of the conversation are open. */
  record TooManyOpen() implements Accepted {}
}

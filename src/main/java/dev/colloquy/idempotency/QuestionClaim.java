package dev.colloquy.idempotency;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;

/** What became of claiming an Idempotency-Key for a question. */
public sealed interface QuestionClaim {

  /** It is this transaction's: the question is new, and is to be stored in it. */
  record Claimed() implements QuestionClaim {}

  /** It is an earlier request's, which stored this question: its answer is this one's too. */
  record Replay(ConversationId conversation, MessageId question) implements QuestionClaim {}

  /** It is an earlier request's, whose body was another. */
  record OtherBody() implements QuestionClaim {}
}

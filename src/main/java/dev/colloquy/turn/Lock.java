package dev.colloquy.turn;

/** What to do where somebody else is changing a conversation. */
enum Lock {
  /** Wait until they are done. */
  WHEN_FREE,
  /** Leave it: it is looked at again soon. */
  IF_FREE
}

package dev.colloquy.model;

/** Hears a reply while it is written, over all attempts. Called one call at a time, in order. */
public interface ReplyListener {
  /** Wants nothing but the reply. */
  ReplyListener NONE = piece -> {};

  /** The reply's next piece of text; never empty. */
  void onText(String piece);

  /**
   * What was heard so far is void: that attempt failed after it had begun to speak, and another one
   * follows. Not called when nothing was heard, nor after the last failure.
   */
  default void onRestart() {}
}

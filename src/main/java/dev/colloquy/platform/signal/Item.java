package dev.colloquy.platform.signal;

/** One thing that a node tells the others. {@link Packet} says how it is spelled. */
sealed interface Item {
  /** What a topic's listeners are told. */
  record Hint(String topic, String payload) implements Item {}

  /** The node listens to the topic with this hash. */
  record Begins(long topic) implements Item {}

  /** It does not listen to it any more. */
  record Ends(long topic) implements Item {}

  /** Hints about the topic were not sent: whoever listens has to look again. */
  record Lost(long topic) implements Item {}

  /** What a node says of itself. */
  enum Word implements Item {
    /** Say all that you listen to: I have just begun to hear. */
    ASK('?'),
    /** From here on I say all that I listen to. */
    ANNOUNCING('['),
    /** That was all. */
    ANNOUNCED(']'),
    /** Hints were not sent, and there were too many to say about what: all have to look again. */
    LOST_ALL('!'),
    /** I stop. */
    BYE('x');

    final char letter;

    Word(char letter) {
      this.letter = letter;
    }
  }
}

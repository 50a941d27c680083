package dev.colloquy.event;

import dev.colloquy.conversation.MessageId;
import java.util.Optional;

/**
 * A reply while it is made: what was heard so far in the present attempt. Safe for many threads.
 */
final class Draft {
  private final MessageId question;
  private final StringBuilder text = new StringBuilder();
  private long attempt;

  Draft(MessageId question, long attempt) {
    this.question = question;
    this.attempt = attempt;
  }

  MessageId question() {
    return question;
  }

  synchronized long attempt() {
    return attempt;
  }

  /** Begins again: what was heard is void. */
  synchronized void restart() {
    attempt++;
    text.setLength(0);
  }

  /** Adds a piece; U+0000 becomes U+FFFD, as in what is stored. */
  synchronized void append(String piece) {
    text.append(piece.replace('\0', '\uFFFD'));
  }

  /**
   * Adds a piece that another node heard, as far as it is new. One that comes after a gap is left
   * out: the whole follows within a second.
   */
  synchronized void apply(long ofAttempt, int offset, String piece) {
    if (ofAttempt > attempt) {
      attempt = ofAttempt;
      text.setLength(0);
    }
    if (ofAttempt == attempt && offset <= text.length()) {
      var known = text.length() - offset;
      if (piece.length() > known) {
        text.append(piece, known, piece.length());
      }
    }
  }

  /** What was heard after an offset, but no half of a character. */
  synchronized Optional<String> after(int offset) {
    var end = text.length();
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return offset < end ? Optional.of(text.substring(offset, end)) : Optional.empty();
  }
}

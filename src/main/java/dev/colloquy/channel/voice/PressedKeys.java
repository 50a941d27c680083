package dev.colloquy.channel.voice;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The keys that a caller presses, which come one by one: what was pressed is told as a whole at
 * {@code #}, or once nothing more is pressed for two seconds. Safe for many threads.
 */
final class PressedKeys {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int MOST = 64;

  private final Consumer<String> pressed;
  private final StringBuilder keys = new StringBuilder();
  private int presses;

  /**
   * Has whatever is pressed told.
   *
   * @param pressed is given 1 to 64 of the characters {@code 0-9*#ABCDabcd}
   */
  PressedKeys(Consumer<String> pressed) {
    this.pressed = pressed;
  }

  /** One key, as Twilio names it; what is none is passed over. */
  synchronized void press(String key) {
    if (!key.matches("[0-9*#A-Da-d]") || keys.length() >= MOST) {
      return;
    }
    keys.append(key);
    presses++;
    if (key.equals("#")) {
      tell();
      return;
    }
    var known = presses;
    Thread.ofVirtual()
        .name("voice-keys")
        .start(() -> {
          try {
            Thread.sleep(PAUSE);
            tell(known);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Tells at once what was pressed, if anything. */
  synchronized void tell() {
    if (!keys.isEmpty()) {
      var text = keys.toString();
      keys.setLength(0);
      pressed.accept(text);
    }
  }

  private synchronized void tell(int known) {
    if (presses == known) {
      tell();
    }
  }
}

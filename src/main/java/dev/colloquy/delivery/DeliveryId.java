package dev.colloquy.delivery;

import dev.colloquy.platform.db.Ids;
import java.util.UUID;

/** A delivery: one outbound effect. Stable over retries, so that receivers can drop repeats. */
public record DeliveryId(UUID value) {
  /** Reads the id in a path; see {@link Ids#inPath}. */
  public static DeliveryId fromString(String text) {
    return new DeliveryId(Ids.inPath(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}

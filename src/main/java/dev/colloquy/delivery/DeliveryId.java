package dev.colloquy.delivery;

import java.util.UUID;

/** A delivery: one outbound effect. Stable over retries, so that receivers can drop repeats. */
public record DeliveryId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}

package dev.colloquy.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a provider made of a delivery. Reasons are short codes, fit for everybody who may see the
 * conversation: never a provider's whole answer.
 */
public sealed interface SendResult {
  /** The provider has it, and knows it by this id. */
  record Accepted(String externalId) implements SendResult {}

  /**
   * The provider surely has not taken it, and may do so later.
   *
   * @param after how long it asks to be left alone; null where it does not say
   */
  record Retryable(String reason, @Nullable Duration after) implements SendResult {}

  /** The provider will never take it. */
  record Rejected(String reason) implements SendResult {}

  /** The provider may or may not have taken it. */
  record Ambiguous(String reason) implements SendResult {}
}

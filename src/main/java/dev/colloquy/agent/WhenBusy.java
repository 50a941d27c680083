package dev.colloquy.agent;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a question that arrives while another one of its conversation is answered. */
public enum WhenBusy {
  /** It waits, and is answered after those before it. */
  @JsonProperty("enqueue")
  ENQUEUE,
  /** It is refused with 409, and not stored. */
  @JsonProperty("reject")
  REJECT,
  /** The reply that is being made is given up; one reply answers all open questions. */
  @JsonProperty("interrupt")
  INTERRUPT
}

package dev.colloquy.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of a delivery. */
public enum DeliveryStatus {
  /** Its channel has no provider here: it is kept for people to look at and goes nowhere. */
  @JsonProperty("captured")
  CAPTURED,
  /** It will be sent, or is being sent. */
  @JsonProperty("queued")
  QUEUED,
  /** The provider has taken it. */
  @JsonProperty("sent")
  SENT,
  /** The provider says that it has arrived. */
  @JsonProperty("delivered")
  DELIVERED,
  /** It will not arrive; the reason says why. */
  @JsonProperty("failed")
  FAILED,
  /** The provider may or may not have it; it is not sent again by itself. */
  @JsonProperty("unknown")
  UNKNOWN
}

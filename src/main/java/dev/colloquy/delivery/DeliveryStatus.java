package dev.colloquy.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of a delivery. */
enum DeliveryStatus {
  /** Its channel has no provider here: it is kept for people to look at and goes nowhere. */
  @JsonProperty("captured")
  CAPTURED,
  @JsonProperty("queued")
  QUEUED,
  @JsonProperty("sent")
  SENT,
  @JsonProperty("delivered")
  DELIVERED,
  @JsonProperty("failed")
  FAILED,
  /** The provider may or may not have it; it is not sent again by itself. */
  @JsonProperty("unknown")
  UNKNOWN
}

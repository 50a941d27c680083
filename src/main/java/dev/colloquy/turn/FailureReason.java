package dev.colloquy.turn;

import dev.colloquy.platform.http.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Why a turn failed, with what its caller is told where the agent has no text of its own. */
enum FailureReason {
  MODEL_FAILED(ErrorCode.MODEL_FAILED, "The agent's model gave no reply."),
  MODEL_TIMED_OUT(ErrorCode.MODEL_FAILED, "The agent's model gave no reply in time."),
  MODEL_REFUSED(ErrorCode.MODEL_FAILED, "The agent's model refused the request."),
  MODEL_NOT_CONFIGURED(ErrorCode.MODEL_NOT_CONFIGURED, "The agent's model is not set up here."),
  GAVE_UP(ErrorCode.MODEL_FAILED, "The reply could not be made, after several attempts."),
  CANCELLED(ErrorCode.CONFLICT, "The turn was cancelled."),
  BUG(ErrorCode.INTERNAL, "The reply could not be made.");

  private final ErrorCode code;
  private final String text;

  FailureReason(ErrorCode code, String text) {
    this.code = code;
    this.text = text;
  }

  ErrorCode code() {
    return code;
  }

  /**
   * What callers are told: the agent's own text where it has one and the agent failed. What has to
   * be set up is told in full, since it is our own words and whoever reads them can mend it.
   */
  String text(@Nullable String own, String detail) {
    if (own != null && this != CANCELLED) {
      return own;
    }
    return this == MODEL_NOT_CONFIGURED ? text + " " + detail : text;
  }
}

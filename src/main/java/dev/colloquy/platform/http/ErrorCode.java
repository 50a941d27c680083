package dev.colloquy.platform.http;

/**
 * Every error that a caller can cause or meet, with its status and the fixed text it is known by.
 * The first four are the external API's own; the others use the same four keys.
 */
public enum ErrorCode {
  BAD_REQUEST(400, "BAD_REQUEST", "INVALID_REQUEST"),
  FORBIDDEN(403, "FORBIDDEN_ERROR", "INVALID_CREDENTIALS"),
  NOT_FOUND(404, "ENTITY_NOT_FOUND_ERROR", "ENTITY_NOT_FOUND"),
  INTERNAL(500, "INTERNAL_SERVER_ERROR", "Internal Server Error"),
  METHOD_NOT_ALLOWED(405, "METHOD_NOT_ALLOWED_ERROR", "METHOD_NOT_ALLOWED"),
  NOT_ACCEPTABLE(406, "NOT_ACCEPTABLE_ERROR", "NOT_ACCEPTABLE"),
  CONFLICT(409, "CONFLICT_ERROR", "CONFLICT"),
  /** A request with the same Idempotency-Key has not ended yet. */
  REQUEST_STILL_RUNNING(409, "CONFLICT_ERROR", "REQUEST_STILL_RUNNING"),
  /** What was answered holds a secret, and another API key asked for it. */
  ANSWER_IS_SEALED(409, "CONFLICT_ERROR", "ANSWER_IS_SEALED"),
  PAYLOAD_TOO_LARGE(413, "PAYLOAD_TOO_LARGE_ERROR", "PAYLOAD_TOO_LARGE"),
  URI_TOO_LONG(414, "URI_TOO_LONG_ERROR", "URI_TOO_LONG"),
  UNSUPPORTED_MEDIA_TYPE(415, "UNSUPPORTED_MEDIA_TYPE_ERROR", "UNSUPPORTED_MEDIA_TYPE"),
  UNPROCESSABLE(422, "UNPROCESSABLE_ERROR", "UNPROCESSABLE"),
  /** The Idempotency-Key came with another body before. */
  IDEMPOTENCY_KEY_REUSED(422, "UNPROCESSABLE_ERROR", "IDEMPOTENCY_KEY_REUSED"),
  HEADERS_TOO_LARGE(431, "HEADERS_TOO_LARGE_ERROR", "HEADERS_TOO_LARGE"),
  OVERLOADED(429, "TOO_MANY_REQUESTS_ERROR", "TOO_MANY_TURNS_IN_FLIGHT"),
  TOO_MANY_STREAMS(429, "TOO_MANY_REQUESTS_ERROR", "TOO_MANY_STREAMS"),
  /** The model gave no reply; the question is kept, and its turn has failed. */
  MODEL_FAILED(502, "MODEL_ERROR", "MODEL_FAILED"),
  /** The agent's model has no key or no such name here; the question is kept. */
  MODEL_NOT_CONFIGURED(503, "MODEL_ERROR", "MODEL_NOT_CONFIGURED"),
  /** The server is stopping or has lost its database. */
  UNAVAILABLE(503, "UNAVAILABLE_ERROR", "UNAVAILABLE"),
  /** No reply within the time that a caller may wait; the turn goes on. */
  REPLY_TIMED_OUT(504, "TIMEOUT_ERROR", "REPLY_TIMED_OUT");

  private final int status;
  private final String publicName;
  private final String message;

  ErrorCode(int status, String publicName, String message) {
    this.status = status;
    this.publicName = publicName;
    this.message = message;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The body's {@code name}. */
  public String publicName() {
    return publicName;
  }

  /** The body's {@code message}. */
  public String message() {
    return message;
  }

  /** The code that stands for a status which the HTTP layer itself chose. */
  static ErrorCode ofStatus(int status) {
    return switch (status) {
      case 401, 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 406 -> NOT_ACCEPTABLE;
      case 409 -> CONFLICT;
      case 413 -> PAYLOAD_TOO_LARGE;
      case 414 -> URI_TOO_LONG;
      case 415 -> UNSUPPORTED_MEDIA_TYPE;
      case 422 -> UNPROCESSABLE;
      case 429 -> OVERLOADED;
      case 431 -> HEADERS_TOO_LARGE;
      case 503 -> UNAVAILABLE;
      default -> status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL;
    };
  }
}

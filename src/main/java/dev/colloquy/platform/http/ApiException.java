package dev.colloquy.platform.http;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Ends a request with an error that the caller caused or has to know of. */
public final class ApiException extends RuntimeException {
  private final ErrorCode code;
  private final List<ErrorResponse.Detail> details;
  private final @Nullable Duration retryAfter;

  public ApiException(ErrorCode code) {
    this(code, List.of(), null);
  }

  public ApiException(
      ErrorCode code, List<ErrorResponse.Detail> details, @Nullable Duration retryAfter) {
    super(code + " " + details, null, false, false);
    this.code = code;
    this.details = List.copyOf(details);
    this.retryAfter = retryAfter;
  }

  /** A 400 that names one field and what was wrong with it. */
  public static ApiException badField(String field, String message) {
    return of(ErrorCode.BAD_REQUEST, field, message);
  }

  /** An error with one detail. */
  public static ApiException of(ErrorCode code, String field, String message) {
    return new ApiException(code, List.of(new ErrorResponse.Detail(field, message)), null);
  }

  /** The 404 that stands both for "does not exist" and for "is not yours". */
  public static ApiException notFound() {
    return new ApiException(ErrorCode.NOT_FOUND);
  }

  /** The 413 that says how large a body may be. */
  public static ApiException tooLarge(long maxBytes) {
    return of(ErrorCode.PAYLOAD_TOO_LARGE, "body", "must be at most " + maxBytes + " bytes long");
  }

  public ErrorCode code() {
    return code;
  }

  /** How long to wait before trying again, where that is known. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** What was wrong, for a person: the details, else the public text. */
  public String reason() {
    return details.isEmpty()
        ? code.message()
        : details.stream()
            .map(d -> d.field() + " " + d.message())
            .collect(Collectors.joining("; "));
  }

  ErrorResponse body() {
    return ErrorResponse.of(code, details);
  }
}

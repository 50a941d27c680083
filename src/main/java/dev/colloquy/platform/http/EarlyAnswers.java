package dev.colloquy.platform.http;

import dev.colloquy.platform.http.ErrorResponse.Detail;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Objects;

/**
 * Answers a URI or headers that are too long as every error is answered. The HTTP layer below takes
 * longer ones than these, so that we can; what is too long even for it, it refuses without a body.
 */
@Singleton
final class EarlyAnswers {
  private static final int AFTER_REQUEST_ID = 9_500;

  private final long maxHead;

  EarlyAnswers(HttpConfig config) {
    this.maxHead = config.maxHeadSize().asLongValue();
  }

  void install(@Observes Filters filters) {
    filters.register(this::check, AFTER_REQUEST_ID);
  }

  private void check(RoutingContext rc) {
    var request = rc.request();
    if (request.uri().length() > maxHead) {
      answer(rc, new ApiException(ErrorCode.URI_TOO_LONG));
      return;
    }
    var length = 0L;
    for (var header : request.headers()) {
      length += header.getKey().length() + header.getValue().length() + ": \r\n".length();
    }
    if (length > maxHead) {
      answer(rc, new ApiException(ErrorCode.HEADERS_TOO_LARGE));
      return;
    }
    rc.next();
  }

  /** Ends the request with the error. */
  static void answer(RoutingContext rc, ApiException error) {
    var details = new JsonArray();
    for (var detail : Objects.requireNonNullElse(error.body().details(), List.<Detail>of())) {
      details.add(new JsonObject().put("field", detail.field()).put("message", detail.message()));
    }
    var code = error.code();
    rc.response()
        .setStatusCode(code.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            new JsonObject()
                .put("status", code.status())
                .put("name", code.publicName())
                .put("message", code.message())
                .put("details", details)
                .toBuffer());
  }
}

package dev.colloquy.platform.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses bodies whose announced length is too large, before anything of them is read; {@link
 * ChunkedBodyLimit} counts the others. A body that is not all here after a while ends the
 * connection, however little of it still trickles in.
 */
@Singleton
final class BodyLimits {
  private static final int AFTER_REQUEST_ID = 9_000;

  private final long maxBytes;
  private final Duration timeout;

  BodyLimits(
      @ConfigProperty(name = "colloquy.http.max-body-size", defaultValue = "4M")
          MemorySize maxBytes,
      @ConfigProperty(name = "colloquy.http.body-timeout", defaultValue = "30s") Duration timeout) {
    this.maxBytes = maxBytes.asLongValue();
    this.timeout = timeout;
  }

  void install(@Observes Filters filters) {
    filters.register(this::check, AFTER_REQUEST_ID);
  }

  /** How many bytes a body may have. */
  long maxBytes() {
    return maxBytes;
  }

  private void check(RoutingContext rc) {
    var request = rc.request();
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && isTooLong(length)) {
      rc.response().putHeader("Connection", "close");
      EarlyAnswers.answer(rc, ErrorCode.PAYLOAD_TOO_LARGE);
      return;
    }
    if (length != null || request.getHeader("Transfer-Encoding") != null) {
      dropWhenSlow(rc.vertx(), request);
    }
    rc.next();
  }

  private boolean isTooLong(String length) {
    try {
      return Long.parseLong(length) > maxBytes;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private void dropWhenSlow(Vertx vertx, HttpServerRequest request) {
    if (request.isEnded()) {
      return;
    }
    vertx.setTimer(
        timeout.toMillis(),
        timer -> {
          if (!request.isEnded() && !request.response().ended()) {
            request.connection().close();
          }
        });
  }
}

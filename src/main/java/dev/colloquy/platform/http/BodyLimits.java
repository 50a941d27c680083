package dev.colloquy.platform.http;

import io.quarkus.arc.All;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Refuses bodies whose announced length is too large, before anything of them is read; {@link
 * ChunkedBodyLimit} counts the others. A body that is not all here after a while ends the
 * connection, however little of it still trickles in.
 */
@Singleton
final class BodyLimits {
  private static final int AFTER_REQUEST_ID = 9_000;
  private static final String READ = BodyLimits.class.getName();

  private final long maxBytes;
  private final Map<String, Long> others;
  private final Duration timeout;

  BodyLimits(@All List<BodyLimit> others, HttpConfig config) {
    this.maxBytes = config.maxBodySize().asLongValue();
    this.others =
        others.stream()
            .flatMap(limit -> limit.paths().stream().map(path -> Map.entry(path, limit.maxBytes())))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    this.timeout = config.bodyTimeout();
  }

  void install(@Observes Filters filters) {
    filters.register(this::check, AFTER_REQUEST_ID);
  }

  /** How many bytes the body of such a request may have. */
  long maxBytes(@Nullable String path) {
    return path == null ? maxBytes : others.getOrDefault(path, maxBytes);
  }

  private void check(RoutingContext rc) {
    var request = rc.request();
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && isTooLong(length, request.path())) {
      rc.response().putHeader("Connection", "close");
      EarlyAnswers.answer(rc, ApiException.tooLarge(maxBytes(request.path())));
      return;
    }
    if (length != null || request.getHeader("Transfer-Encoding") != null) {
      rc.put(READ, new AtomicBoolean());
      dropWhenSlow(rc, length == null ? Long.MAX_VALUE : Long.parseLong(length));
    }
    rc.next();
  }

  private boolean isTooLong(String length, @Nullable String path) {
    try {
      return Long.parseLong(length) > maxBytes(path);
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private void dropWhenSlow(RoutingContext rc, long length) {
    var request = rc.request();
    if (request.isEnded()) {
      return;
    }
    var timer =
        rc.vertx()
            .setTimer(
                timeout.toMillis(),
                _ -> {
                  if (!isHere(rc, length) && !request.response().ended()) {
                    request.connection().close();
                  }
                });
    // Else it would keep every request of the last half minute in memory.
    rc.addEndHandler(_ -> rc.vertx().cancelTimer(timer));
  }

  /** Whoever has read a body leaves the request paused, and then it never says that it ended. */
  private static boolean isHere(RoutingContext rc, long length) {
    var request = rc.request();
    return request.isEnded() || request.bytesRead() >= length || rc.<AtomicBoolean>get(READ).get();
  }

  /** Notes that a body without an announced length was read to its end. */
  static void read(RoutingContext rc) {
    AtomicBoolean read = rc.get(READ);
    if (read != null) {
      read.set(true);
    }
  }
}

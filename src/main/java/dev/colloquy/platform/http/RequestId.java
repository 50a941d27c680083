package dev.colloquy.platform.http;

import dev.colloquy.platform.db.Ids;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id: the caller's {@code X-Request-Id} if it is 1 to 128 letters, digits,
 * dots, dashes or underscores, else a new one. Every answer carries it, also those that no resource
 * makes; only what the HTTP layer cannot read (an escape like %zz, a head of more than 64 kB) is
 * refused before any of us sees it, and gets none.
 */
@Singleton
final class RequestId {
  static final String HEADER = "X-Request-Id";
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final String KEY = RequestId.class.getName();
  private static final int FIRST = 10_000;

  void install(@Observes Filters filters) {
    filters.register(
        rc -> {
          stamp(rc);
          rc.next();
        },
        FIRST);
  }

  static void stamp(RoutingContext rc) {
    var sent = rc.request().getHeader(HEADER);
    var id = sent != null && SANE.matcher(sent).matches() ? sent : Ids.next().toString();
    rc.response().putHeader(HEADER, id);
    var context = Vertx.currentContext();
    if (context != null) {
      context.putLocal(KEY, id);
    }
  }

  /** The id of the request that runs on this thread, or "none". */
  static String current() {
    var context = Vertx.currentContext();
    @Nullable String id = context == null ? null : context.getLocal(KEY);
    return id == null ? "none" : id;
  }
}

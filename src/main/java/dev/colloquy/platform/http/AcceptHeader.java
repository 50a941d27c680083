package dev.colloquy.platform.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.regex.Pattern;

/**
 * Takes a star alone for {@code *}{@code /*}: old clients, HttpURLConnection of Java among them,
 * send it so, and the framework would refuse them.
 */
@Singleton
final class AcceptHeader {
  private static final int AFTER_EARLY_ANSWERS = 9_400;
  private static final Pattern STAR = Pattern.compile("(?<=^|[,\\s])\\*(?=\\s*(?:[,;]|$))");

  void install(@Observes Filters filters) {
    filters.register(
        rc -> {
          writeOutStar(rc.request());
          rc.next();
        },
        AFTER_EARLY_ANSWERS);
  }

  private static void writeOutStar(HttpServerRequest request) {
    var accepted = request.headers().getAll(HttpHeaders.ACCEPT);
    if (accepted.stream().anyMatch(one -> STAR.matcher(one).find())) {
      var written = accepted.stream().map(one -> STAR.matcher(one).replaceAll("*/*")).toList();
      request.headers().set(HttpHeaders.ACCEPT, written);
    }
  }
}

package dev.colloquy.platform.http;

import dev.colloquy.platform.json.Text;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Refuses parameters that hold what PostgreSQL cannot keep or compare, for every operation. */
@Provider
@Priority(Priorities.AUTHORIZATION)
final class QueryCheck implements ContainerRequestFilter {
  private final RoutingContext http;

  QueryCheck(RoutingContext http) {
    this.http = http;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    // Not of the request's URI: it has none without a Host, which HTTP/1.0 does not ask for.
    var query = http.request().query();
    if (query == null || query.indexOf('%') < 0) {
      return;
    }
    request
        .getUriInfo()
        .getQueryParameters()
        .forEach((name, values) -> {
          if (!values.stream().allMatch(Text::isStorable)) {
            throw ApiException.badField(
                name, "must not hold the character U+0000 or half a surrogate pair");
          }
        });
  }
}

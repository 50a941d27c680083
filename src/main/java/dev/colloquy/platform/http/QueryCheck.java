package dev.colloquy.platform.http;

import dev.colloquy.platform.json.Text;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Refuses parameters that hold what PostgreSQL cannot keep or compare, for every operation. */
@Provider
@Priority(Priorities.AUTHORIZATION)
final class QueryCheck implements ContainerRequestFilter {

  @Override
  public void filter(ContainerRequestContext request) {
    var uri = request.getUriInfo();
    var query = uri.getRequestUri().getRawQuery();
    if (query == null || query.indexOf('%') < 0) {
      return;
    }
    uri.getQueryParameters()
        .forEach((name, values) -> {
          if (!values.stream().allMatch(Text::isStorable)) {
            throw ApiException.badField(
                name, "must not hold the character U+0000 or half a surrogate pair");
          }
        });
  }
}

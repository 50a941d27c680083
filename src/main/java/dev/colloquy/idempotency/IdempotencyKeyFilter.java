package dev.colloquy.idempotency;

import dev.colloquy.apikey.Caller;
import dev.colloquy.platform.http.ApiException;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.security.DigestInputStream;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the Idempotency-Key of requests that write, once their API key is checked, and hashes their
 * body while it is read.
 */
@Provider
@Priority(Priorities.ENTITY_CODER + 100)
final class IdempotencyKeyFilter implements ContainerRequestFilter {
  private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Pattern WELL_FORMED = Pattern.compile("[!-~]{1,255}");

  private final Caller caller;
  private final KeyedRequest keyed;
  private final RoutingContext http;

  IdempotencyKeyFilter(Caller caller, KeyedRequest keyed, RoutingContext http) {
    this.caller = caller;
    this.keyed = keyed;
    this.http = http;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    var keys = request.getHeaders().get(Idempotency.HEADER);
    if (keys == null || !WRITES.contains(request.getMethod())) {
      return;
    }
    if (keys.size() > 1 || !WELL_FORMED.matcher(keys.getFirst()).matches()) {
      throw ApiException.badField(
          Idempotency.HEADER, "must be one value of 1 to 255 visible ASCII characters");
    }
    var owner = caller.owner();
    var apiKey = Objects.requireNonNull(request.getHeaderString(owner.kind().header()));
    var body = Sha256.digest();
    request.setEntityStream(new DigestInputStream(request.getEntityStream(), body));
    var path = Objects.requireNonNull(http.request().path());
    var query = http.request().query();
    keyed.set(() ->
        IdempotentRequest.of(
            owner, request.getMethod(), path, query, body.digest(), keys.getFirst(), apiKey));
  }
}

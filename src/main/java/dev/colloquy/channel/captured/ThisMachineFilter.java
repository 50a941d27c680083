package dev.colloquy.channel.captured;

import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a key: lets through what a browser on this machine sends from the page itself, and
 * answers so that the browser loads nothing from elsewhere and shows the page in no other one.
 */
@Provider
@ThisMachineOnly
@Priority(Priorities.AUTHENTICATION)
final class ThisMachineFilter implements ContainerRequestFilter, ContainerResponseFilter {
  /** What proxies add: where there is one, the request may come from anywhere. */
  private static final List<String> OF_PROXIES =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

  // https://www.w3.org/TR/CSP3/: nothing but our own script, style and requests.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  // Filters are made before the settings can be read.
  private final Instance<CapturedChannels> channels;
  private final CurrentVertxRequest connection;

  ThisMachineFilter(Instance<CapturedChannels> channels, CurrentVertxRequest connection) {
    this.channels = channels;
    this.connection = connection;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (!channels.get().isOn()) {
      throw ApiException.notFound();
    }
    if (!Loopback.isHost(connection.getCurrent().request().remoteAddress().hostAddress())) {
      throw refused("address", "is not of this machine");
    }
    var host = host(request);
    if (!Loopback.isHostHeader(host)) {
      throw refused("Host", "must be localhost or a loopback address");
    }
    for (var name : OF_PROXIES) {
      if (request.getHeaderString(name) != null) {
        throw refused(name, "comes from a proxy: this page is for this machine only");
      }
    }
    if (!request.getMethod().equals(HttpMethod.GET) && !isFromThePage(request, host)) {
      throw refused("Origin", "must be this page");
    }
  }

  /** What the caller takes this server for: HTTP/2 says it in {@code :authority} (RFC 9113). */
  private @Nullable String host(ContainerRequestContext request) {
    var header = request.getHeaderString("Host");
    if (header != null) {
      return header;
    }
    var authority = connection.getCurrent().request().authority();
    return authority == null ? null : authority.toString();
  }

  /** Fetch's own headers, which no page can set (https://fetch.spec.whatwg.org/#origin-header). */
  private static boolean isFromThePage(ContainerRequestContext request, @Nullable String host) {
    var site = request.getHeaderString("Sec-Fetch-Site");
    @Nullable String origin = request.getHeaderString("Origin");
    var sameOrigin = "http://" + host;
    return (site != null || origin != null)
        && (site == null || site.equals("same-origin"))
        && (origin == null || origin.equalsIgnoreCase(sameOrigin));
  }

  private static ApiException refused(String header, String reason) {
    return ApiException.of(ErrorCode.FORBIDDEN, header, reason);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!channels.get().isOn()) {
      return;
    }
    var headers = response.getHeaders();
    headers.putSingle("Content-Security-Policy", POLICY);
    headers.putSingle("X-Content-Type-Options", "nosniff");
    headers.putSingle("X-Frame-Options", "DENY");
    headers.putSingle("Cross-Origin-Resource-Policy", "same-origin");
    headers.putSingle("Cross-Origin-Opener-Policy", "same-origin");
    // "no-referrer" would also take the origin out of our own forms.
    headers.putSingle("Referrer-Policy", "same-origin");
    headers.putSingle("Cache-Control", "no-store");
  }
}

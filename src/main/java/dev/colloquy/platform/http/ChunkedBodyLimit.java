package dev.colloquy.platform.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts a body without an announced length while it is read, and ends it when it is too large. */
@Provider
@Priority(Priorities.ENTITY_CODER)
final class ChunkedBodyLimit implements ContainerRequestFilter {
  // Filters are made before the configuration of a run is known.
  private final jakarta.inject.Provider<BodyLimits> limits;

  private final RoutingContext http;

  ChunkedBodyLimit(jakarta.inject.Provider<BodyLimits> limits, RoutingContext http) {
    this.limits = limits;
    this.http = http;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getHeaderString("Transfer-Encoding") != null) {
      request.setEntityStream(
          new Limited(
              request.getEntityStream(), limits.get().maxBytes(http.request().path()), http));
    }
  }

  private static final class Limited extends FilterInputStream {
    private final RoutingContext http;
    private final long max;
    private long left;

    Limited(InputStream in, long max, RoutingContext http) {
      super(in);
      this.max = max;
      left = max;
      this.http = http;
    }

    @Override
    public int read() throws IOException {
      var one = super.read();
      count(one < 0 ? one : 1);
      return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      var read = super.read(bytes, offset, length);
      count(read);
      return read;
    }

    /** Closing reads what is left, so a body that is too large is left alone. */
    @Override
    public void close() throws IOException {
      if (left >= 0) {
        super.close();
      }
    }

    private void count(int read) {
      if (read < 0) {
        BodyLimits.read(http);
        return;
      }
      left -= read;
      if (left < 0) {
        throw ApiException.tooLarge(max);
      }
    }
  }
}

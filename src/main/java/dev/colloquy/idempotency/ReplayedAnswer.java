package dev.colloquy.idempotency;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Ends a request with what was answered before, whatever its operation would return. */
final class ReplayedAnswer extends RuntimeException {
  private final int status;
  private final @Nullable String body;

  ReplayedAnswer(int status, @Nullable String body) {
    super("answered before", null, false, false);
    this.status = status;
    this.body = body;
  }

  /** Answers with it. */
  static final class Mapper {
    // As the server's own writer of JSON says it.
    private static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8");

    @ServerExceptionMapper
    Response answer(ReplayedAnswer replayed) {
      var response = Response.status(replayed.status).header(Idempotency.REPLAYED, "true");
      return replayed.body == null
          ? response.build()
          : response.type(JSON).entity(replayed.body).build();
    }
  }
}

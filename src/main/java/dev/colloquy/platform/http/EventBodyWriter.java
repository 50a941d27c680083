package dev.colloquy.platform.http;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Runs the {@link EventBody} that a resource answered with. */
@Provider
@Produces(MediaType.SERVER_SENT_EVENTS)
final class EventBodyWriter implements ServerMessageBodyWriter<EventBody> {
  // Writers are made before the configuration of a run is known.
  private final jakarta.inject.Provider<EventStreams> streams;
  private final jakarta.inject.Provider<CurrentVertxRequest> request;

  EventBodyWriter(
      jakarta.inject.Provider<EventStreams> streams,
      jakarta.inject.Provider<CurrentVertxRequest> request) {
    this.streams = streams;
    this.request = request;
  }

  @Override
  public boolean isWriteable(
      Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType mediaType) {
    return EventBody.class.isAssignableFrom(type);
  }

  @Override
  public boolean isWriteable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
    return EventBody.class.isAssignableFrom(type);
  }

  @Override
  public void writeResponse(EventBody body, Type generic, ServerRequestContext context)
      throws WebApplicationException {
    try {
      streams.get().run(request.get().getCurrent(), body);
    } finally {
      body.end().run();
    }
  }

  @Override
  public void writeTo(
      EventBody body,
      Class<?> type,
      Type generic,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, Object> headers,
      OutputStream out) {
    throw new UnsupportedOperationException("a stream of events is not written to a buffer");
  }
}

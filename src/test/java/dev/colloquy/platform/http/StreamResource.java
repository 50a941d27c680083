package dev.colloquy.platform.http;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Operations that stream events, which only the server under test has. */
@Path("/testing/stream")
@RunOnVirtualThread
@Produces(MediaType.SERVER_SENT_EVENTS)
public class StreamResource {
  /** What became of the streams, by the name that the test gave them. */
  static final Map<String, AtomicInteger> SENT = new ConcurrentHashMap<>();

  static final Map<String, EventStream> WAITING = new ConcurrentHashMap<>();
  static final Map<String, String> ENDED = new ConcurrentHashMap<>();

  /** So many events, each of so many letters, then the end. */
  @GET
  @Path("/count")
  @Operation(hidden = true)
  public EventBody count(
      @QueryParam("name") @DefaultValue("count") String name,
      @QueryParam("events") int events,
      @QueryParam("letters") int letters) {
    if (events == 0) {
      throw ApiException.badField("events", "must be more");
    }
    return new EventBody(stream ->
        noting(
            name,
            () -> {
              var sent = SENT.computeIfAbsent(name, _ -> new AtomicInteger());
              var data = "x".repeat(letters);
              for (var i = 0; i < events; i++) {
                stream.send(new StreamEvent("" + i, "counted", data));
                sent.incrementAndGet();
              }
            }));
  }

  /** What was posted, as one event. */
  @POST
  @Path("/echo")
  @Operation(hidden = true)
  public EventBody echo(String body) {
    return new EventBody(stream -> stream.send(new StreamEvent(null, "echo", body)));
  }

  /** Waits; sends an event whenever it is woken. */
  @GET
  @Path("/wait")
  @Operation(hidden = true)
  public EventBody wait(@QueryParam("name") String name) {
    return new EventBody(stream ->
        noting(
            name,
            () -> {
              WAITING.put(name, stream);
              for (var i = 0; ; ) {
                if (stream.await(Duration.ofMinutes(5))) {
                  stream.send(new StreamEvent("" + i++, "woken", "{}"));
                }
              }
            }));
  }

  /** Fails after the first event. */
  @GET
  @Path("/fail")
  @Operation(hidden = true)
  public EventBody fail() {
    return new EventBody(stream -> {
      stream.send(new StreamEvent("1", "first", "1"));
      throw new IllegalStateException("a fault of the test");
    });
  }

  private static void noting(String name, Runnable work) {
    try {
      work.run();
      ENDED.put(name, "finished");
    } catch (EventStream.EndedException e) {
      ENDED.put(name, e.end().name());
      throw e;
    }
  }
}

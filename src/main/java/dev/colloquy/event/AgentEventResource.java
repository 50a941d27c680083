package dev.colloquy.event;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.EventBody;
import dev.colloquy.platform.json.Text;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happens in all conversations of an agent. */
@Path("/external/events")
@RunOnVirtualThread
@RequiresKey.OfAgent
@Tag(name = "Events")
final class AgentEventResource {
  private final Database database;
  private final Followers followers;
  private final FeedStreams streams;
  private final Caller caller;

  AgentEventResource(Database database, Followers followers, FeedStreams streams, Caller caller) {
    this.database = database;
    this.followers = followers;
    this.streams = streams;
    this.caller = caller;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "listEvents",
      summary = "What happened in all conversations of the agent",
      description =
          "Beyond the published API. A change feed: complete, without repeats, and in order in each"
              + " conversation. A cursor does not grow old. With Accept: text/event-stream the same as a"
              + " stream without end, each event with its id; Last-Event-ID resumes.")
  public EventsResponse list(
      @Parameter(
              description =
                  "An event's id or the nextCursor of this feed, or now for what happens from now"
                      + " on; left out: from the start.")
          @QueryParam("cursor")
          @Nullable String cursor,
      @Parameter(
              description = "How many seconds to wait for an event where there is none yet.",
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = "0",
                      maximum = "30",
                      defaultValue = "0"))
          @QueryParam("wait")
          @Nullable String wait,
      @Parameter(
              description = "A page may end earlier where its texts are long.",
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = "1",
                      maximum = "1000",
                      defaultValue = "100"))
          @QueryParam("limit")
          @Nullable String limit)
      throws InterruptedException {
    var time = FeedQuery.wait(wait);
    var size = FeedQuery.limit(limit);
    var place = place("cursor", cursor);
    try (var feed = followers.ofAgent(caller.agent(), place, size, new LongPoll())) {
      var events = feed.next(time);
      var last = events.isEmpty() ? place : events.getLast().cursor();
      return new EventsResponse(events.stream().map(EventResponse::ofAgent).toList(), last.text());
    }
  }

  private FeedCursor place(String field, @Nullable String text) {
    var given = Text.orNull(text);
    if (given == null) {
      return FeedCursor.START;
    }
    if (given.equals("now")) {
      return database.read(Feed::end);
    }
    var place = FeedCursor.parse(field, given);
    return database.read(tx -> Feed.reached(tx, field, place));
  }

  /** The same as a stream of events, for those who accept nothing else. */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(operationId = "streamEvents", hidden = true)
  public EventBody stream(
      @QueryParam("cursor") @Nullable String cursor,
      @HeaderParam(FeedQuery.LAST_EVENT_ID) @Nullable String lastEventId) {
    var place =
        Text.orNull(lastEventId) == null
            ? place("cursor", cursor)
            : place(FeedQuery.LAST_EVENT_ID, lastEventId);
    return streams.ofAgent(caller.agent(), place);
  }
}

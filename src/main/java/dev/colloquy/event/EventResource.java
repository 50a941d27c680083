package dev.colloquy.event;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.EventBody;
import dev.colloquy.platform.http.QueryText;
import dev.colloquy.platform.json.Text;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happens in one conversation. */
@Path("/external/conversations/{id}/events")
@RunOnVirtualThread
@RequiresKey.OfAgent
@Tag(name = "Events")
final class EventResource {
  private final Database database;
  private final Followers followers;
  private final FeedStreams streams;
  private final Caller caller;

  EventResource(Database database, Followers followers, FeedStreams streams, Caller caller) {
    this.database = database;
    this.followers = followers;
    this.streams = streams;
    this.caller = caller;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "listConversationEvents",
      summary = "What happened in a conversation",
      description =
          "Beyond the published API. Everything since the conversation began, in order, without"
              + " gaps or repeats. That it was deleted is told in the agent's feed; this one is then"
              + " not found. With Accept: text/event-stream the same as a stream without end, each"
              + " event with its id; Last-Event-ID resumes.")
  public EventsResponse list(
      @PathParam("id") ConversationId id,
      @Parameter(
              description =
                  "An event's id or the nextCursor of this feed; left out: from the start.",
              schema = @Schema(type = SchemaType.INTEGER, minimum = "0", defaultValue = "0"))
          @QueryParam("after")
          @Nullable String after,
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
    var place = place(id, "after", after);
    try (var feed = followers.ofConversation(caller.agent(), id, place, size, new LongPoll())) {
      var events = feed.next(time);
      var last = events.isEmpty() ? place : events.getLast().seq();
      return new EventsResponse(
          events.stream().map(EventResponse::inConversation).toList(), String.valueOf(last));
    }
  }

  /** The same as a stream of events, for those who accept nothing else. */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(operationId = "streamConversationEvents", hidden = true)
  public EventBody stream(
      @PathParam("id") ConversationId id,
      @QueryParam("after") @Nullable String after,
      @HeaderParam(FeedQuery.LAST_EVENT_ID) @Nullable String lastEventId) {
    var place =
        Text.orNull(lastEventId) == null
            ? place(id, "after", after)
            : place(id, FeedQuery.LAST_EVENT_ID, lastEventId);
    return streams.ofConversation(caller.agent(), id, place);
  }

  private long place(ConversationId id, String field, @Nullable String text) {
    var place = QueryText.number(field, text, 0, Long.MAX_VALUE, 0);
    return place == 0
        ? place
        : database.read(tx -> Feed.reached(tx, caller.agent(), id, field, place));
  }
}

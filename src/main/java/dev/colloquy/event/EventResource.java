package dev.colloquy.event;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.http.QueryText;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
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
  private final Followers followers;
  private final Caller caller;

  EventResource(Followers followers, Caller caller) {
    this.followers = followers;
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
              + " not found.")
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
    var place = QueryText.number("after", after, 0, Long.MAX_VALUE, 0);
    var time = FeedQuery.wait(wait);
    var size = FeedQuery.limit(limit);
    try (var feed = followers.ofConversation(caller.agent(), id, place, size, new LongPoll())) {
      var events = feed.next(time);
      var last = events.isEmpty() ? place : events.getLast().seq();
      return new EventsResponse(
          events.stream().map(EventResponse::inConversation).toList(), String.valueOf(last));
    }
  }
}

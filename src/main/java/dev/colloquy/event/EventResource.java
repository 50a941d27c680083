package dev.colloquy.event;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.QueryText;
import dev.colloquy.platform.json.Text;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happens in conversations, as feeds that can be resumed at any time. */
@Path("/external")
@RunOnVirtualThread
@RequiresKey.OfAgent
@Tag(name = "Events")
final class EventResource {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_WAIT_SECONDS = 30;

  private final Database database;
  private final Followers followers;
  private final Caller caller;

  EventResource(Database database, Followers followers, Caller caller) {
    this.database = database;
    this.followers = followers;
    this.caller = caller;
  }

  @GET
  @Path("/conversations/{id}/events")
  @Operation(
      operationId = "listConversationEvents",
      summary = "What happened in a conversation",
      description =
          "Everything since the conversation began, in order and without gaps or repeats, however"
              + " long ago. The deletion of a conversation is told in the agent's feed; this one is"
              + " then not found.")
  public EventsResponse ofConversation(
      @PathParam("id") ConversationId id,
      @Parameter(
              description =
                  "The nextCursor or an event's id of this feed; left out: from the start.",
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
    var agent = caller.agent();
    var place = QueryText.number("after", after, 0, Long.MAX_VALUE, 0);
    var time = wait(wait);
    var size = limit(limit);
    var events = page(followers.ofConversation(agent, id, place, size), time);
    var last = events.isEmpty() ? place : events.getLast().seq();
    return new EventsResponse(
        events.stream().map(EventResponse::inConversation).toList(), String.valueOf(last));
  }

  @GET
  @Path("/events")
  @Operation(
      operationId = "listEvents",
      summary = "What happened in all conversations of the agent",
      description =
          "A change feed: complete, without repeats, and in order in each conversation. The"
              + " nextCursor is good for ever.")
  public EventsResponse ofAgent(
      @Parameter(
              description =
                  "The nextCursor or an event's id of this feed, or now for what happens from now"
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
    KeyOwner.OfAgent agent = caller.agent();
    var time = wait(wait);
    var size = limit(limit);
    var place = cursor("cursor", cursor);
    var events = page(followers.ofAgent(agent, place, size), time);
    var last = events.isEmpty() ? place : events.getLast().cursor();
    return new EventsResponse(events.stream().map(EventResponse::ofAgent).toList(), last.text());
  }

  private static List<FeedEvent> page(Follower<?> feed, Duration wait) throws InterruptedException {
    try (feed) {
      return feed.next(wait);
    }
  }

  private FeedCursor cursor(String field, @Nullable String text) {
    var given = Text.orNull(text);
    if (given == null) {
      return FeedCursor.START;
    }
    return given.equals("now") ? database.read(Feed::end) : FeedCursor.parse(field, given);
  }

  private static Duration wait(@Nullable String text) {
    return Duration.ofSeconds(QueryText.number("wait", text, 0, MAX_WAIT_SECONDS, 0));
  }

  private static int limit(@Nullable String text) {
    return (int) QueryText.number("limit", text, 1, MAX_LIMIT, DEFAULT_LIMIT);
  }
}

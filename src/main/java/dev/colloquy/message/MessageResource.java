package dev.colloquy.message;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.FeedbackResponse;
import dev.colloquy.conversation.Feedbacks;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.Deliveries;
import dev.colloquy.delivery.MessageDelivery;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.Cursor;
import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.http.QueryText;
import dev.colloquy.platform.http.SortDirection;
import dev.colloquy.platform.json.Text;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The messages of one conversation, as the agent whose it is sees them. */
@Path("/external/conversations/{id}/messages")
@RunOnVirtualThread
@RequiresKey.OfAgent
@Tag(name = "Messages")
final class MessageResource {
  /** How many messages one answer holds where no page size is asked for. */
  static final int MAX_UNPAGED = 10_000;

  /** No further message is in an answer once its texts have so many bytes. */
  static final long MAX_BYTES = 8L * 1024 * 1024;

  private final Database database;
  private final Caller caller;

  MessageResource(Database database, Caller caller) {
    this.database = database;
    this.caller = caller;
  }

  /** Messages, and where more of them are. */
  @Schema(name = "Messages")
  record MessagesResponse(
      @Schema(required = true) List<MessageResponse> messages,
      @Schema(
              description =
                  "Beyond the published API: give it as cursor to get the messages that follow;"
                      + " left out where none do.")
          @Nullable String nextCursor) {}

  @GET
  @Operation(
      operationId = "listMessages",
      summary = "List a conversation's messages",
      description =
          "Oldest first unless asked otherwise; all of them, up to 10,000, unless a pageSize or a"
              + " cursor is given. An answer ends after 8 MiB of text, too; nextCursor goes on.")
  public MessagesResponse list(
      @PathParam("id") ConversationId id,
      @Parameter(
              description = "Whether each message comes with its feedback.",
              schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
          @QueryParam("shouldIncludeFeedbacks")
          @Nullable String shouldIncludeFeedbacks,
      @Parameter(
              schema =
                  @Schema(
                      type = SchemaType.STRING,
                      enumeration = {"ASC", "DESC"},
                      defaultValue = "ASC"))
          @QueryParam("orderDirection")
          @Nullable String orderDirection,
      @Parameter(
              description = "Beyond the published API: at most 100.",
              schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
          @QueryParam("pageSize")
          @Nullable String pageSize,
      @Parameter(description = "Beyond the published API: the nextCursor of an earlier answer.")
          @QueryParam("cursor")
          @Nullable String cursor) {
    var direction =
        QueryText.oneOf("orderDirection", orderDirection, SortDirection.class, SortDirection.ASC);
    var feedbacks = QueryText.flag("shouldIncludeFeedbacks", shouldIncludeFeedbacks);
    var page = PageRequest.of(null, pageSize, cursor);
    var paged = Text.orNull(pageSize) != null || page.cursor() != null;
    var agent = caller.agent();
    var size = paged ? page.pageSize() : MAX_UNPAGED;
    return database.read(
        tx -> response(tx, id, list(tx, agent, id, direction, page.cursor(), size), feedbacks));
  }

  private static MessagesResponse response(
      Handle tx, ConversationId id, Messages.Slice found, boolean withFeedbacks) {
    var messages = found.messages();
    var next =
        found.more()
            ? new Cursor(messages.getLast().seq(), messages.getLast().id().value()).text()
            : null;
    var feedbacks =
        withFeedbacks ? Feedbacks.byMessage(tx, id) : Map.<MessageId, List<FeedbackResponse>>of();
    var deliveries = deliveries(tx, id, messages);
    return new MessagesResponse(
        messages.stream()
            .map(m ->
                MessageResponse.of(
                    m,
                    withFeedbacks ? feedbacks.getOrDefault(m.id(), List.of()) : null,
                    deliveries.get(m.id().toString())))
            .toList(),
        next);
  }

  /** Only what the agent or a person wrote goes out, and nothing over the API. */
  private static Map<String, MessageDelivery> deliveries(
      Handle tx, ConversationId id, List<Message> messages) {
    var sent =
        messages.stream()
            .filter(m -> m.role() != SenderRole.CONVERSATION_USER && !m.source().equals("api"))
            .map(Message::id)
            .collect(Collectors.toSet());
    return Deliveries.ofMessages(tx, id, sent).stream()
        .collect(Collectors.toMap(MessageDelivery::messageId, Function.identity()));
  }

  private static Messages.Slice list(
      Handle tx,
      KeyOwner.OfAgent agent,
      ConversationId id,
      SortDirection direction,
      @Nullable Cursor cursor,
      int size) {
    Conversations.require(tx, agent, id);
    var start = direction == SortDirection.ASC ? 0 : Long.MAX_VALUE;
    var after = cursor == null ? start : cursor.position();
    return Messages.list(tx, id, direction, after, size, MAX_BYTES);
  }
}

package dev.colloquy.delivery;

import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.Channel;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.Idempotent;
import dev.colloquy.platform.http.Page;
import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.json.Text;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What left the building, and what would have, as the operator of the installation sees it. */
@Path("/admin")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfSuperAdmin
@Tag(name = "Administration")
final class DeliveryResource {
  private static final String PAGE = "From 1.";
  private static final String PAGE_SIZE = "More than 100 is cut to 100.";
  private static final String CURSOR = "The nextCursor of a page, instead of page.";

  private final Database database;
  private final Outbox outbox;

  DeliveryResource(Database database, Outbox outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  /** A delivery. */
  @Schema(name = "Delivery", description = "One outbound effect: an e-mail, an SMS or a call.")
  record DeliveryResponse(
      @Schema(required = true) String id,
      @Schema(required = true) Channel channel,
      @Schema(description = "Why it leaves the building.", required = true) DeliveryKind kind,
      @Schema(
              description = "captured: the channel has no provider here, so it went nowhere.",
              required = true)
          DeliveryStatus status,
      @Schema(description = "Who carries it; left out where it was captured.", examples = "smtp")
          @Nullable String provider,
      @Schema(description = "The provider's id of it.") @Nullable String externalId,
      @Schema(description = "Why it failed or waits, or is not known.", examples = "opted_out")
          @Nullable String reason,
      @Schema(description = "How often it was tried.", required = true) int attempts,
      @Schema(description = "When it is tried next.") @Nullable Instant nextAttemptAt,
      @Schema(
              description = "An e-mail address or a phone number.",
              examples = "grace@example.com",
              required = true)
          String recipient,
      @Schema(description = "The address or number that it is written from.")
          @Nullable String sender,
      @Schema(description = "E-mail only.") @Nullable String subject,
      @Schema(description = "What is written, or what a call opens with.", required = true)
          String body,
      @Schema(required = true) String organizationId,
      @Schema(required = true) String agentId,
      @Schema(required = true) String conversationId,
      @Schema(description = "The message that caused it.", required = true) String messageId,
      @Schema(required = true) Instant createdAt,
      @Schema(description = "When the provider took it.") @Nullable Instant sentAt,
      @Schema(description = "When the provider said that it arrived.")
          @Nullable Instant deliveredAt,
      @Schema(required = true) Instant updatedAt) {}

  @GET
  @Path("/outbox")
  @Operation(
      operationId = "listOutbox",
      summary = "List what was captured",
      description =
          "E-mails, SMS and calls of channels without a provider, of all organizations, newest"
              + " first: they went nowhere.")
  public Page<DeliveryResponse> outbox(
      @Parameter(description = PAGE) @QueryParam("page") @Nullable String page,
      @Parameter(description = PAGE_SIZE) @QueryParam("pageSize") @Nullable String pageSize,
      @Parameter(description = CURSOR) @QueryParam("cursor") @Nullable String cursor) {
    var request = PageRequest.of(page, pageSize, cursor);
    var captured = new DeliveryList.Filter(DeliveryStatus.CAPTURED, null, null, null);
    return database.read(tx -> DeliveryList.page(tx, captured, request));
  }

  @GET
  @Path("/deliveries")
  @Operation(
      operationId = "listDeliveries",
      summary = "List what left the building, or shall",
      description =
          "E-mails, SMS and calls of all organizations, newest first, with what became of each.")
  public Page<DeliveryResponse> deliveries(
      @Parameter(description = "Only of this status.") @QueryParam("status")
          @Nullable String status,
      @Parameter(description = "Only over this channel.") @QueryParam("channel")
          @Nullable String channel,
      @Parameter(description = "Only of this agent.") @QueryParam("agentId")
          @Nullable String agentId,
      @Parameter(description = "Only of this conversation.") @QueryParam("conversationId")
          @Nullable String conversationId,
      @Parameter(description = PAGE) @QueryParam("page") @Nullable String page,
      @Parameter(description = PAGE_SIZE) @QueryParam("pageSize") @Nullable String pageSize,
      @Parameter(description = CURSOR) @QueryParam("cursor") @Nullable String cursor) {
    var request = PageRequest.of(page, pageSize, cursor);
    var filter =
        new DeliveryList.Filter(
            one("status", status, DeliveryStatus.class),
            one("channel", channel, Channel.class),
            id(agentId),
            id(conversationId));
    return database.read(tx -> DeliveryList.page(tx, filter, request));
  }

  @POST
  @Path("/deliveries/{id}/retry")
  @Operation(
      operationId = "retryDelivery",
      summary = "Send a delivery again",
      description =
          "For one that failed, or of which nobody knows whether it arrived: then it may arrive"
              + " twice. One that waits is tried at once. 409 where it was sent or captured.")
  public DeliveryResponse retry(@PathParam("id") DeliveryId id) {
    return database.inTransaction(tx -> {
      outbox.retry(tx, id);
      return DeliveryList.find(tx, id).orElseThrow(ApiException::notFound);
    });
  }

  /** An id that names nothing lists nothing. */
  private static @Nullable UUID id(@Nullable String text) {
    var given = Text.orNull(text);
    return given == null ? null : Ids.parse(given).orElse(new UUID(0, 0));
  }

  private static <E extends Enum<E>> @Nullable E one(
      String name, @Nullable String text, Class<E> type) {
    var given = Text.orNull(text);
    if (given == null) {
      return null;
    }
    var names = new ArrayList<String>();
    for (var constant : type.getEnumConstants()) {
      if (Wire.name(constant).equals(given)) {
        return constant;
      }
      names.add(Wire.name(constant));
    }
    throw ApiException.badField(name, "must be one of " + String.join(", ", names));
  }
}

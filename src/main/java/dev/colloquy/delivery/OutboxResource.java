package dev.colloquy.delivery;

import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.Channel;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.Cursor;
import dev.colloquy.platform.http.Page;
import dev.colloquy.platform.http.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The outbox, as the operator of the installation sees it. */
@Path("/admin/outbox")
@RunOnVirtualThread
@RequiresKey.OfSuperAdmin
@Tag(name = "Administration")
final class OutboxResource {
  private final Database database;

  OutboxResource(Database database) {
    this.database = database;
  }

  /** A delivery. */
  @Schema(name = "Delivery", description = "One outbound effect: an e-mail, an SMS or a call.")
  record DeliveryResponse(
      @Schema(required = true) String id,
      @Schema(required = true) Channel channel,
      @Schema(
              description = "captured: the channel has no provider here, so it went nowhere.",
              required = true)
          DeliveryStatus status,
      @Schema(
              description = "An e-mail address or a phone number.",
              examples = "grace@example.com",
              required = true)
          String recipient,
      @Schema(description = "E-mail only.") @Nullable String subject,
      @Schema(description = "What is written, or what a call opens with.", required = true)
          String body,
      @Schema(required = true) String organizationId,
      @Schema(required = true) String agentId,
      @Schema(required = true) String conversationId,
      @Schema(description = "The message that caused it.", required = true) String messageId,
      @Schema(required = true) Instant createdAt,
      @Schema(required = true) Instant updatedAt) {}

  @GET
  @Operation(
      operationId = "listOutbox",
      summary = "List what left the building, or would have",
      description = "E-mails, SMS and calls of all organizations, newest first.")
  public Page<DeliveryResponse> list(
      @Parameter(
              description = "From 1.",
              schema = @Schema(type = SchemaType.INTEGER, minimum = "1", defaultValue = "1"))
          @QueryParam("page")
          @Nullable String page,
      @Parameter(
              description = "More than 100 is cut to 100.",
              schema = @Schema(type = SchemaType.INTEGER, minimum = "1", defaultValue = "20"))
          @QueryParam("pageSize")
          @Nullable String pageSize,
      @Parameter(description = "The nextCursor of a page, instead of page.") @QueryParam("cursor")
          @Nullable String cursor) {
    var request = PageRequest.of(page, pageSize, cursor);
    return database.read(tx -> page(tx, request));
  }

  private static Page<DeliveryResponse> page(Handle tx, PageRequest request) {
    var size = request.pageSize();
    if (request.cursor() == null) {
      var total = tx.createQuery("select count(*) from delivery").mapTo(Long.class).one();
      var rows = rows(tx, null, size, request.offset());
      return Page.numbered(request, total, rows, next(rows));
    }
    var rows = rows(tx, request.cursor(), size + 1, 0);
    var page = rows.subList(0, Math.min(size, rows.size()));
    return Page.after(request, rows.size() > size, page, next(page));
  }

  private static List<DeliveryResponse> rows(
      Handle tx, @Nullable Cursor cursor, int limit, long offset) {
    var sql =
        """
        select id, channel, status, recipient, subject, body, organization_id, agent_id,
               conversation_id, message_id, created_at, updated_at
        from delivery
        where cast(:after as uuid) is null or (created_at, id) < (:position, :after)
        order by created_at desc, id desc
        limit :limit offset :offset
        """;
    return tx.createQuery(sql)
        .bind("after", cursor == null ? null : cursor.id())
        .bind(
            "position",
            Rows.time(cursor == null ? Instant.EPOCH : Instant.ofEpochMilli(cursor.position())))
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, _) -> toResponse(row))
        .list();
  }

  private static @Nullable String next(List<DeliveryResponse> rows) {
    return rows.isEmpty()
        ? null
        : new Cursor(
                rows.getLast().createdAt().toEpochMilli(), UUID.fromString(rows.getLast().id()))
            .text();
  }

  private static DeliveryResponse toResponse(ResultSet row) throws SQLException {
    return new DeliveryResponse(
        row.getString("id"),
        Wire.value(Channel.class, row.getString("channel")),
        Wire.value(DeliveryStatus.class, row.getString("status")),
        row.getString("recipient"),
        row.getString("subject"),
        row.getString("body"),
        row.getString("organization_id"),
        row.getString("agent_id"),
        row.getString("conversation_id"),
        row.getString("message_id"),
        Rows.time(row, "created_at"),
        Rows.time(row, "updated_at"));
  }
}

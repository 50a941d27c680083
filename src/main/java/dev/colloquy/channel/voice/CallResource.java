package dev.colloquy.channel.voice;

import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Calls, as the operator of the installation sees them. */
@Path("/admin/calls")
@RunOnVirtualThread
@RequiresKey.OfSuperAdmin
@Tag(name = "Administration")
final class CallResource {
  private final Database database;

  CallResource(Database database) {
    this.database = database;
  }

  /** A call; not what was said in it. */
  @Schema(name = "Call", description = "A call that an agent made or took.")
  record CallResponse(
      @Schema(required = true) String id,
      @Schema(required = true) String organizationId,
      @Schema(required = true) String agentId,
      @Schema(required = true) String conversationId,
      @Schema(description = "The delivery that it carries out.") @Nullable String deliveryId,
      @Schema(examples = "vapi", required = true) String provider,
      @Schema(description = "The provider's id of it.") @Nullable String externalId,
      @Schema(
              enumeration = {"inbound", "outbound"},
              required = true)
          String direction,
      @Schema(
              enumeration = {"queued", "ringing", "in_progress", "ended", "failed"},
              required = true)
          String status,
      @Schema(description = "Why it ended, as its provider says it.", examples = "customer-busy")
          @Nullable String endedReason,
      @Schema(description = "Where its provider keeps the recording.")
          @Nullable String recordingUrl,
      @Schema(description = "How long it lasted.") @Nullable Integer seconds,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Schema(required = true) Instant createdAt) {}

  @GET
  @Operation(
      operationId = "listCalls",
      summary = "List calls",
      description = "Those that agents made and those that they took, newest first.")
  public Page<CallResponse> list(
      @Parameter(description = "From 1.") @QueryParam("page") @Nullable String page,
      @Parameter(description = "More than 100 is cut to 100.") @QueryParam("pageSize")
          @Nullable String pageSize,
      @Parameter(description = "The nextCursor of a page, instead of page.") @QueryParam("cursor")
          @Nullable String cursor) {
    var request = PageRequest.of(page, pageSize, cursor);
    return database.read(tx ->
        Page.of(
            request,
            () -> tx.createQuery("select count(*) from voice_call").mapTo(Long.class).one(),
            (after, limit, offset) -> rows(tx, after, limit, offset),
            row -> new Cursor(row.createdAt().toEpochMilli(), UUID.fromString(row.id()))));
  }

  private static List<CallResponse> rows(
      Handle tx, @Nullable Cursor cursor, int limit, long offset) {
    var sql =
        """
        select id, organization_id, agent_id, conversation_id, delivery_id, provider, external_id,
               direction, status, ended_reason, recording_url, seconds, started_at, ended_at,
               created_at
        from voice_call
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

  private static CallResponse toResponse(ResultSet row) throws SQLException {
    return new CallResponse(
        row.getString("id"),
        row.getString("organization_id"),
        row.getString("agent_id"),
        row.getString("conversation_id"),
        row.getString("delivery_id"),
        row.getString("provider"),
        row.getString("external_id"),
        row.getString("direction"),
        row.getString("status"),
        row.getString("ended_reason"),
        row.getString("recording_url"),
        row.getObject("seconds", Integer.class),
        Rows.timeOrNull(row, "started_at"),
        Rows.timeOrNull(row, "ended_at"),
        Rows.time(row, "created_at"));
  }
}

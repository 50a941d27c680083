package dev.colloquy.channel;

import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.Cursor;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.Idempotent;
import dev.colloquy.platform.http.Page;
import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.http.QueryText;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
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
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What came in over channels, as the operator of the installation sees it. */
@Path("/admin/inbound")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfSuperAdmin
@Tag(name = "Administration")
final class InboundResource {
  private final Database database;
  private final Inbound inbound;

  InboundResource(Database database, Inbound inbound) {
    this.database = database;
    this.inbound = inbound;
  }

  /** What can become of what came in. */
  enum Status {
    received,
    handled,
    ignored,
    failed,
    any
  }

  /** Something that came in; not what is in it. */
  @Schema(name = "Inbound", description = "Something that came in over a channel.")
  record InboundResponse(
      @Schema(required = true) String id,
      @Schema(description = "What kind of thing it is.", examples = "email", required = true)
          String source,
      @Nullable String agentId,
      @Schema(description = "What its provider knows it by.", required = true) String externalId,
      @Schema(
              enumeration = {"received", "handled", "ignored", "failed"},
              required = true)
          String status,
      @Schema(description = "What became of it, or why nothing did.", examples = "question")
          @Nullable String outcome,
      @Schema(description = "How often it was tried.", required = true) int attempts,
      @Schema(description = "The conversation that it belongs to.") @Nullable String conversationId,
      @Schema(description = "The message that it became.") @Nullable String messageId,
      @Schema(required = true) Instant receivedAt,
      @Nullable Instant handledAt) {}

  @GET
  @Operation(
      operationId = "listInbound",
      summary = "List what came in over channels",
      description =
          "E-mails, SMS and providers' reports, newest first, with what became of each; never what"
              + " was said.")
  public Page<InboundResponse> list(
      @Parameter(description = "Only of this status.") @QueryParam("status")
          @Nullable String status,
      @Parameter(description = "From 1.") @QueryParam("page") @Nullable String page,
      @Parameter(description = "More than 100 is cut to 100.") @QueryParam("pageSize")
          @Nullable String pageSize,
      @Parameter(description = "The nextCursor of a page, instead of page.") @QueryParam("cursor")
          @Nullable String cursor) {
    var request = PageRequest.of(page, pageSize, cursor);
    var wanted = QueryText.oneOf("status", status, Status.class, Status.any);
    return database.read(tx -> page(tx, wanted == Status.any ? null : wanted.name(), request));
  }

  @POST
  @Path("/{id}/replay")
  @ResponseStatus(204)
  @Operation(
      operationId = "replayInbound",
      summary = "Handle once more what came in",
      description =
          "For what failed or was ignored. 409 where it had its effect, is being handled, or its raw"
              + " form is no longer kept.")
  public void replay(@PathParam("id") String id) {
    var known = Ids.parse(id).filter(this::exists).orElseThrow(ApiException::notFound);
    if (!inbound.replay(known)) {
      throw ApiException.of(
          ErrorCode.CONFLICT, "status", "only what failed or was ignored can be replayed");
    }
  }

  private boolean exists(UUID id) {
    return database.read(tx ->
        tx.createQuery("select exists (select from inbound where id = :id)")
            .bind("id", id)
            .mapTo(Boolean.class)
            .one());
  }

  private static Page<InboundResponse> page(
      Handle tx, @Nullable String status, PageRequest request) {
    return Page.of(
        request,
        () ->
            tx.createQuery(
                    "select count(*) from inbound"
                        + " where cast(:status as text) is null or status = :status")
                .bind("status", status)
                .mapTo(Long.class)
                .one(),
        (after, limit, offset) -> rows(tx, status, after, limit, offset),
        row -> new Cursor(row.receivedAt().toEpochMilli(), UUID.fromString(row.id())));
  }

  private static List<InboundResponse> rows(
      Handle tx, @Nullable String status, @Nullable Cursor cursor, int limit, long offset) {
    var sql =
        """
        select id, source, agent_id, external_id, status, outcome, attempts, conversation_id,
               message_id, received_at, handled_at
        from inbound
        where (cast(:status as text) is null or status = :status)
          and (cast(:after as uuid) is null or (received_at, id) < (:position, :after))
        order by received_at desc, id desc
        limit :limit offset :offset
        """;
    return tx.createQuery(sql)
        .bind("status", status)
        .bind("after", cursor == null ? null : cursor.id())
        .bind(
            "position",
            Rows.time(cursor == null ? Instant.EPOCH : Instant.ofEpochMilli(cursor.position())))
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, _) -> toResponse(row))
        .list();
  }

  private static InboundResponse toResponse(ResultSet row) throws SQLException {
    return new InboundResponse(
        row.getString("id"),
        row.getString("source"),
        row.getString("agent_id"),
        row.getString("external_id"),
        row.getString("status"),
        row.getString("outcome"),
        row.getInt("attempts"),
        row.getString("conversation_id"),
        row.getString("message_id"),
        Rows.time(row, "received_at"),
        Rows.timeOrNull(row, "handled_at"));
  }
}

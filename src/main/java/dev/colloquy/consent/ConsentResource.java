package dev.colloquy.consent;

import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.Channel;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.Cursor;
import dev.colloquy.platform.http.Page;
import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.http.QueryText;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The ledger of consent, as the operator of the installation reads it. */
@Path("/admin/consents")
@RunOnVirtualThread
@RequiresKey.OfSuperAdmin
@Tag(name = "Administration")
final class ConsentResource {
  private final Database database;

  ConsentResource(Database database) {
    this.database = database;
  }

  /** An entry. */
  @Schema(name = "Consent", description = "What somebody said of messages to an address.")
  record ConsentResponse(
      @Schema(required = true) String id,
      @Schema(required = true) String organizationId,
      @Schema(description = "The agent that it was said to.") @Nullable String agentId,
      @Schema(required = true) Channel channel,
      @Schema(examples = "+12125550123", required = true) String address,
      @Schema(required = true) ConsentAction action,
      @Schema(description = "The word that said it, or a bounce's status.", examples = "STOP")
          @Nullable String keyword,
      @Schema(description = "What came in and said it.") @Nullable String inboundId,
      @Schema(required = true) Instant createdAt) {}

  @GET
  @Operation(
      operationId = "listConsents",
      summary = "List the ledger of consent",
      description =
          "Newest first. The newest entry of an address says how it stands: after opt_out or bounce"
              + " nothing is sent to it.")
  public Page<ConsentResponse> list(
      @Parameter(description = "Only entries of this address.") @QueryParam("address")
          @Nullable String address,
      @Parameter(description = "From 1.") @QueryParam("page") @Nullable String page,
      @Parameter(description = "More than 100 is cut to 100.") @QueryParam("pageSize")
          @Nullable String pageSize,
      @Parameter(description = "The nextCursor of a page, instead of page.") @QueryParam("cursor")
          @Nullable String cursor) {
    var request = PageRequest.of(page, pageSize, cursor);
    var given = QueryText.text("address", address);
    var key = given == null ? null : given.strip().toLowerCase(Locale.ROOT);
    return database.read(tx -> page(tx, key, request));
  }

  private static Page<ConsentResponse> page(
      Handle tx, @Nullable String address, PageRequest request) {
    return Page.of(
        request,
        () ->
            tx.createQuery(
                    "select count(*) from consent"
                        + " where cast(:address as text) is null or address = :address")
                .bind("address", address)
                .mapTo(Long.class)
                .one(),
        (after, limit, offset) -> rows(tx, address, after, limit, offset),
        row -> new Cursor(row.createdAt().toEpochMilli(), UUID.fromString(row.id())));
  }

  private static List<ConsentResponse> rows(
      Handle tx, @Nullable String address, @Nullable Cursor cursor, int limit, long offset) {
    var sql =
        """
        select id, organization_id, agent_id, channel, address, action, keyword, inbound_id,
               created_at
        from consent
        where (cast(:address as text) is null or address = :address)
          and (cast(:after as uuid) is null or (created_at, id) < (:position, :after))
        order by created_at desc, id desc
        limit :limit offset :offset
        """;
    return tx.createQuery(sql)
        .bind("address", address)
        .bind("after", cursor == null ? null : cursor.id())
        .bind(
            "position",
            Rows.time(cursor == null ? Instant.EPOCH : Instant.ofEpochMilli(cursor.position())))
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, _) -> toResponse(row))
        .list();
  }

  private static ConsentResponse toResponse(ResultSet row) throws SQLException {
    return new ConsentResponse(
        row.getString("id"),
        row.getString("organization_id"),
        row.getString("agent_id"),
        Wire.value(Channel.class, row.getString("channel")),
        row.getString("address"),
        Wire.value(ConsentAction.class, row.getString("action")),
        row.getString("keyword"),
        row.getString("inbound_id"),
        Rows.time(row, "created_at"));
  }
}

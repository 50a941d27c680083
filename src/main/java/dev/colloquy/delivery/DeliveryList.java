package dev.colloquy.delivery;

import dev.colloquy.conversation.Channel;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.Cursor;
import dev.colloquy.platform.http.Page;
import dev.colloquy.platform.http.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Lists of deliveries. Every method runs in the caller's transaction. */
final class DeliveryList {
  private static final String COLUMNS =
      """
      select id, channel, kind, status, provider, external_id, reason, attempts, next_attempt_at,
             recipient, sender, subject, body, organization_id, agent_id, conversation_id,
             message_id, created_at, sent_at, delivered_at, updated_at
      from delivery
      """;

  private static final String WANTED =
      """
      where (cast(:status as text) is null or status = :status)
        and (cast(:channel as text) is null or channel = :channel)
        and (cast(:agent as uuid) is null or agent_id = :agent)
        and (cast(:conversation as uuid) is null or conversation_id = :conversation)
      """;

  private DeliveryList() {}

  /** Which deliveries are wanted; null for any. */
  record Filter(
      @Nullable DeliveryStatus status,
      @Nullable Channel channel,
      @Nullable UUID agent,
      @Nullable UUID conversation) {}

  static Page<DeliveryResource.DeliveryResponse> page(
      Handle tx, Filter filter, PageRequest request) {
    return Page.of(
        request,
        () ->
            bind(tx.createQuery("select count(*) from delivery " + WANTED), filter)
                .mapTo(Long.class)
                .one(),
        (after, limit, offset) -> rows(tx, filter, after, limit, offset),
        row -> new Cursor(row.createdAt().toEpochMilli(), UUID.fromString(row.id())));
  }

  static Optional<DeliveryResource.DeliveryResponse> find(Handle tx, DeliveryId id) {
    return tx.createQuery(COLUMNS + "where id = :id")
        .bind("id", id.value())
        .map((row, _) -> toResponse(row))
        .findOne();
  }

  private static List<DeliveryResource.DeliveryResponse> rows(
      Handle tx, Filter filter, @Nullable Cursor after, int limit, long offset) {
    var sql =
        COLUMNS
            + WANTED
            + """
              and (cast(:after as uuid) is null or (created_at, id) < (:position, :after))
            order by created_at desc, id desc
            limit :limit offset :offset
            """;
    return bind(tx.createQuery(sql), filter)
        .bind("after", after == null ? null : after.id())
        .bind(
            "position",
            Rows.time(after == null ? Instant.EPOCH : Instant.ofEpochMilli(after.position())))
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, _) -> toResponse(row))
        .list();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, Filter filter) {
    var status = filter.status();
    var channel = filter.channel();
    return statement
        .bind("status", status == null ? null : Wire.name(status))
        .bind("channel", channel == null ? null : Wire.name(channel))
        .bind("agent", filter.agent())
        .bind("conversation", filter.conversation());
  }

  private static DeliveryResource.DeliveryResponse toResponse(ResultSet row) throws SQLException {
    return new DeliveryResource.DeliveryResponse(
        row.getString("id"),
        Wire.value(Channel.class, row.getString("channel")),
        Wire.value(DeliveryKind.class, row.getString("kind")),
        Wire.value(DeliveryStatus.class, row.getString("status")),
        row.getString("provider"),
        row.getString("external_id"),
        row.getString("reason"),
        row.getInt("attempts"),
        Rows.timeOrNull(row, "next_attempt_at"),
        row.getString("recipient"),
        row.getString("sender"),
        row.getString("subject"),
        row.getString("body"),
        row.getString("organization_id"),
        row.getString("agent_id"),
        row.getString("conversation_id"),
        row.getString("message_id"),
        Rows.time(row, "created_at"),
        Rows.timeOrNull(row, "sent_at"),
        Rows.timeOrNull(row, "delivered_at"),
        Rows.time(row, "updated_at"));
  }
}

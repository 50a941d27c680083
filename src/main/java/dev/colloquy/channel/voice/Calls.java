package dev.colloquy.channel.voice;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The voice_call table. Every method runs in the caller's transaction; those that change a call are
 * called with its conversation locked.
 */
final class Calls {
  private static final String SELECT =
      """
      select conversation_id, id, organization_id, agent_id, provider, external_id, direction,
             caller, callee, delivery_id, attempt, opening_id, status, created_at
      from voice_call
      """;

  private Calls() {}

  static void insert(Handle tx, Call call) {
    var sql =
        """
        insert into voice_call (
          conversation_id, id, organization_id, agent_id, provider, external_id, direction, caller,
          callee, delivery_id, attempt, opening_id, status, created_at, updated_at)
        values (
          :conversation, :id, :organization, :agent, :provider, :externalId, :direction, :caller,
          :callee, :delivery, :attempt, :opening, :status, :now, :now)
        """;
    var delivery = call.delivery();
    var opening = call.opening();
    tx.createUpdate(sql)
        .bind("conversation", call.conversation().value())
        .bind("id", call.id())
        .bind("organization", call.agent().organization().value())
        .bind("agent", call.agent().agent().value())
        .bind("provider", call.provider())
        .bind("externalId", call.externalId())
        .bind("direction", Wire.name(call.direction()))
        .bind("caller", call.caller())
        .bind("callee", call.callee())
        .bind("delivery", delivery == null ? null : delivery.value())
        .bind("attempt", call.attempt())
        .bind("opening", opening == null ? null : opening.value())
        .bind("status", Wire.name(call.status()))
        .bind("now", Rows.time(call.createdAt()))
        .execute();
  }

  static Optional<Call> find(Handle tx, UUID id) {
    return tx.createQuery(SELECT + "where id = :id")
        .bind("id", id)
        .map((row, _) -> toCall(row))
        .findOne();
  }

  /** The agent's call that its provider knows by this id. */
  static Optional<Call> find(
      Handle tx, KeyOwner.OfAgent agent, String provider, String externalId) {
    return tx.createQuery(
            SELECT
                + "where agent_id = :agent and provider = :provider and external_id = :externalId")
        .bind("agent", agent.agent().value())
        .bind("provider", provider)
        .bind("externalId", externalId)
        .map((row, _) -> toCall(row))
        .findOne();
  }

  /** The call of the delivery's attempt, if that was begun. */
  static Optional<Call> find(Handle tx, Outgoing outgoing) {
    var sql =
        SELECT
            + """
            where conversation_id = :conversation and delivery_id = :delivery
              and attempt = :attempt
            order by id desc
            limit 1
            """;
    return tx.createQuery(sql)
        .bind("conversation", outgoing.conversation().value())
        .bind("delivery", outgoing.id().value())
        .bind("attempt", outgoing.attempts())
        .map((row, _) -> toCall(row))
        .findOne();
  }

  /** Forgets a call that never came to be. */
  static void delete(Handle tx, Call call) {
    tx.createUpdate("delete from voice_call where conversation_id = :conversation and id = :id")
        .bind("conversation", call.conversation().value())
        .bind("id", call.id())
        .execute();
  }

  /** Notes the provider's id of the call, unless one is known; whether that is new. */
  static boolean name(Handle tx, Call call, String externalId, Instant now) {
    var sql =
        """
        update voice_call
        set external_id = :externalId, updated_at = :now
        where conversation_id = :conversation and id = :id and external_id is null
          and not exists (
            select from voice_call other
            where other.agent_id = voice_call.agent_id and other.provider = voice_call.provider
              and other.external_id = :externalId)
        """;
    return tx.createUpdate(sql)
            .bind("externalId", externalId)
            .bind("now", Rows.time(now))
            .bind("conversation", call.conversation().value())
            .bind("id", call.id())
            .execute()
        == 1;
  }

  /** Moves the call on, never back. */
  static void advance(Handle tx, Call call, Call.Status to, Instant now) {
    var sql =
        """
        update voice_call
        set status = :to,
            started_at = case when :to = 'in_progress' then coalesce(started_at, :now)
                              else started_at end,
            updated_at = :now
        where conversation_id = :conversation and id = :id
          and (status = 'queued' or status = 'ringing' and :to <> 'queued')
        """;
    tx.createUpdate(sql)
        .bind("to", Wire.name(to))
        .bind("now", Rows.time(now))
        .bind("conversation", call.conversation().value())
        .bind("id", call.id())
        .execute();
  }

  /**
   * What is told of a call's end; what is null is not told.
   *
   * @param reason as the provider says it
   * @param seconds how long the call lasted
   */
  record End(
      @Nullable String reason,
      @Nullable String recordingUrl,
      @Nullable Integer seconds,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt) {}

  /**
   * Notes the call's end, or what is told of it later.
   *
   * @param to how it ended, if it had not ended yet
   * @return by how many seconds it is longer than was known before
   */
  static int end(Handle tx, Call call, Call.Status to, End end, Instant now) {
    var before =
        tx.createQuery(
                """
                select coalesce(seconds, 0) from voice_call
                where conversation_id = :conversation and id = :id
                for update
                """)
            .bind("conversation", call.conversation().value())
            .bind("id", call.id())
            .mapTo(Integer.class)
            .one();
    var sql =
        """
        update voice_call
        set status = case when status in ('ended', 'failed') then status else :to end,
            ended_reason = coalesce(:reason, ended_reason),
            recording_url = coalesce(:recording, recording_url),
            seconds = coalesce(:seconds, seconds),
            started_at = coalesce(:startedAt, started_at),
            ended_at = coalesce(:endedAt, ended_at, :now),
            updated_at = :now
        where conversation_id = :conversation and id = :id
        returning coalesce(seconds, 0)
        """;
    return tx.createQuery(sql)
            .bind("to", Wire.name(to))
            .bind("reason", end.reason())
            .bind("recording", end.recordingUrl())
            .bind("seconds", end.seconds())
            .bind("startedAt", Rows.time(end.startedAt()))
            .bind("endedAt", Rows.time(end.endedAt()))
            .bind("now", Rows.time(now))
            .bind("conversation", call.conversation().value())
            .bind("id", call.id())
            .mapTo(Integer.class)
            .one()
        - before;
  }

  private static Call toCall(ResultSet row) throws SQLException {
    var delivery = Rows.idOrNull(row, "delivery_id");
    var opening = Rows.idOrNull(row, "opening_id");
    return new Call(
        Rows.id(row, "id"),
        new KeyOwner.OfAgent(
            new AgentId(Rows.id(row, "agent_id")),
            new OrganizationId(Rows.id(row, "organization_id"))),
        new ConversationId(Rows.id(row, "conversation_id")),
        row.getString("provider"),
        row.getString("external_id"),
        Wire.value(Call.Direction.class, row.getString("direction")),
        row.getString("caller"),
        row.getString("callee"),
        delivery == null ? null : new DeliveryId(delivery),
        row.getInt("attempt"),
        opening == null ? null : new MessageId(opening),
        Wire.value(Call.Status.class, row.getString("status")),
        Rows.time(row, "created_at"));
  }
}

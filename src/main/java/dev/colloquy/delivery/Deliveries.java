package dev.colloquy.delivery;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventType;
import dev.colloquy.conversation.Events;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.json.JsonColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of deliveries. Every method runs in the caller's transaction; those that change
 * something lock the conversation first, as everything does that writes into its feed.
 */
public final class Deliveries {
  private static final String STATE =
      """
      select id, message_id, channel, status, provider, external_id, reason, attempts,
             next_attempt_at, updated_at
      from delivery
      """;

  private Deliveries() {}

  /**
   * A queued delivery, locked.
   *
   * @param isInterrupted whether an attempt was begun whose end is not known
   * @param isPaused whether its agent sends nothing at present
   */
  public record Queued(Outgoing outgoing, boolean isInterrupted, boolean isPaused) {}

  /** The delivery, if it is still to be sent; it and its conversation are locked. */
  public static Optional<Queued> lockQueued(Handle tx, DeliveryId id) {
    var conversation = conversation(tx, id);
    if (conversation.isEmpty()) {
      return Optional.empty();
    }
    Conversations.lock(tx, conversation.get());
    var sql =
        """
        select d.*, g.is_delivery_paused
        from delivery d
        join agent g on g.id = d.agent_id
        where d.conversation_id = :conversation and d.id = :id and d.status = 'queued'
        for update of d
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.get().value())
        .bind("id", id.value())
        .map((row, _) ->
            new Queued(
                toOutgoing(row),
                Rows.timeOrNull(row, "attempt_started_at") != null,
                row.getBoolean("is_delivery_paused")))
        .findOne();
  }

  /** How the delivery stands. */
  static Optional<DeliveryStatus> status(Handle tx, DeliveryId id) {
    return tx.createQuery("select status from delivery where id = :id")
        .bind("id", id.value())
        .mapTo(String.class)
        .findOne()
        .map(status -> Wire.value(DeliveryStatus.class, status));
  }

  private static Optional<ConversationId> conversation(Handle tx, DeliveryId id) {
    return tx.createQuery("select conversation_id from delivery where id = :id")
        .bind("id", id.value())
        .mapTo(UUID.class)
        .findOne()
        .map(ConversationId::new);
  }

  /**
   * When what is older in the conversation, on the same channel, and still to be sent is tried:
   * what is written to a person arrives in its order. Nothing where there is none.
   */
  public static Optional<Instant> earlier(Handle tx, Outgoing outgoing, Instant now) {
    var sql =
        """
        select max(coalesce(next_attempt_at, :now)) as tried_at
        from delivery
        where conversation_id = :conversation and channel = :channel and status = 'queued'
          and id < :id
        """;
    return tx.createQuery(sql)
        .bind("now", Rows.time(now))
        .bind("conversation", outgoing.conversation().value())
        .bind("channel", Wire.name(outgoing.channel()))
        .bind("id", outgoing.id().value())
        .map((row, _) -> Optional.ofNullable(Rows.timeOrNull(row, "tried_at")))
        .one();
  }

  /** The oldest of the conversation on the same channel that is still to be sent. */
  public static Optional<DeliveryId> next(Handle tx, Outgoing outgoing) {
    var sql =
        """
        select id from delivery
        where conversation_id = :conversation and channel = :channel and status = 'queued'
        order by id
        limit 1
        """;
    return tx.createQuery(sql)
        .bind("conversation", outgoing.conversation().value())
        .bind("channel", Wire.name(outgoing.channel()))
        .mapTo(UUID.class)
        .findOne()
        .map(DeliveryId::new);
  }

  /** Notes that an attempt begins: from here on the provider may have it. */
  public static void begin(Handle tx, Outgoing outgoing, Instant now) {
    var sql =
        """
        update delivery
        set attempts = attempts + 1, attempt_started_at = :now, next_attempt_at = null
        where conversation_id = :conversation and id = :id
        """;
    tx.createUpdate(sql)
        .bind("now", Rows.time(now))
        .bind("conversation", outgoing.conversation().value())
        .bind("id", outgoing.id().value())
        .execute();
  }

  /** Notes when a delivery that is still queued is tried next, and why not before. */
  public static void postpone(
      Handle tx, Outgoing outgoing, Instant next, @Nullable String reason, Instant now) {
    var sql =
        """
        update delivery
        set attempt_started_at = null, next_attempt_at = :next, reason = :reason, updated_at = :now
        where conversation_id = :conversation and id = :id and status = 'queued'
        """;
    tx.createUpdate(sql)
        .bind("next", Rows.time(next))
        .bind("reason", reason)
        .bind("now", Rows.time(now))
        .bind("conversation", outgoing.conversation().value())
        .bind("id", outgoing.id().value())
        .execute();
  }

  /**
   * A change of a delivery's status.
   *
   * @param externalId the provider's id of it; null leaves what is known
   * @param reason why it failed, or is not known; null for none
   */
  public record Change(
      DeliveryStatus to, @Nullable String externalId, @Nullable String reason, Instant at) {}

  /**
   * Changes the status, if it may change so: a delivery that has arrived or failed is not sent
   * again, and what a provider says late does not undo what it said before. The conversation's feed
   * tells it.
   *
   * @return the conversation, if anything changed
   */
  public static Optional<Changed> change(Handle tx, DeliveryId id, Change change) {
    var conversation = conversation(tx, id);
    if (conversation.isEmpty()) {
      return Optional.empty();
    }
    Conversations.lock(tx, conversation.get());
    var sql =
        """
        update delivery
        set status = :to,
            external_id = coalesce(:externalId, external_id),
            reason = :reason,
            attempt_started_at = null,
            next_attempt_at = null,
            sent_at = case when :to in ('sent', 'delivered') then coalesce(sent_at, :now)
                           else sent_at end,
            delivered_at = case when :to = 'delivered' then :now else delivered_at end,
            updated_at = :now
        where conversation_id = :conversation and id = :id and status = any (:from)
        returning agent_id
        """;
    var agent =
        tx.createQuery(sql)
            .bind("to", Wire.name(change.to()))
            .bind("externalId", change.externalId())
            .bind("reason", change.reason())
            .bind("now", Rows.time(change.at()))
            .bind("conversation", conversation.get().value())
            .bind("id", id.value())
            .bindArray("from", String.class, before(change.to()))
            .mapTo(UUID.class)
            .findOne();
    return agent.map(of -> {
      tell(tx, conversation.get(), id, change.at());
      return new Changed(new AgentId(of), conversation.get());
    });
  }

  /** Whose delivery changed: whoever follows the feeds is to be told after the commit. */
  public record Changed(AgentId agent, ConversationId conversation) {}

  private static List<String> before(DeliveryStatus to) {
    return switch (to) {
      case SENT, UNKNOWN -> List.of("queued", "unknown");
      case DELIVERED, FAILED -> List.of("queued", "sent", "unknown");
      case QUEUED -> List.of("failed", "unknown");
      case CAPTURED -> List.of();
    };
  }

  private static void tell(Handle tx, ConversationId conversation, DeliveryId id, Instant now) {
    var state =
        tx.createQuery(STATE + "where conversation_id = :conversation and id = :id")
            .bind("conversation", conversation.value())
            .bind("id", id.value())
            .map((row, _) -> toState(row))
            .one();
    Events.append(tx, conversation, EventType.DELIVERY_UPDATED, state, now);
  }

  /** The delivery that the provider knows by this id. */
  public static Optional<DeliveryId> byExternalId(Handle tx, String provider, String externalId) {
    return tx.createQuery(
            "select id from delivery where provider = :provider and external_id = :externalId"
                + " order by created_at desc limit 1")
        .bind("provider", provider)
        .bind("externalId", externalId)
        .mapTo(UUID.class)
        .findOne()
        .map(DeliveryId::new);
  }

  /** A delivery of the agent's, by its id. */
  public static Optional<Outgoing> find(Handle tx, KeyOwner.OfAgent agent, DeliveryId id) {
    return tx.createQuery("select * from delivery where id = :id and agent_id = :agent")
        .bind("id", id.value())
        .bind("agent", agent.agent().value())
        .map((row, _) -> toOutgoing(row))
        .findOne();
  }

  /**
   * What became of the messages on their way out: of one that went out in parts, the part that
   * fared worst.
   */
  public static List<MessageDelivery> ofMessages(
      Handle tx, ConversationId conversation, Set<MessageId> messages) {
    if (messages.isEmpty()) {
      return List.of();
    }
    var sql =
        """
        select distinct on (message_id)
               id, message_id, channel, status, provider, external_id, reason, attempts,
               next_attempt_at, updated_at
        from delivery
        where conversation_id = :conversation and message_id = any (:messages)
        order by message_id,
                 array_position(
                   array['failed', 'unknown', 'queued', 'sent', 'captured', 'delivered'], status),
                 id desc
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bindArray(
            "messages",
            UUID.class,
            messages.stream().map(MessageId::value).collect(Collectors.toList()))
        .map((row, _) -> toState(row))
        .list();
  }

  private static MessageDelivery toState(ResultSet row) throws SQLException {
    return new MessageDelivery(
        row.getString("id"),
        row.getString("message_id"),
        Wire.value(Channel.class, row.getString("channel")),
        Wire.value(DeliveryStatus.class, row.getString("status")),
        row.getString("provider"),
        row.getString("external_id"),
        row.getString("reason"),
        row.getInt("attempts"),
        Rows.timeOrNull(row, "next_attempt_at"),
        Rows.time(row, "updated_at"));
  }

  private static Outgoing toOutgoing(ResultSet row) throws SQLException {
    return new Outgoing(
        new DeliveryId(Rows.id(row, "id")),
        new KeyOwner.OfAgent(
            new AgentId(Rows.id(row, "agent_id")),
            new OrganizationId(Rows.id(row, "organization_id"))),
        new ConversationId(Rows.id(row, "conversation_id")),
        new MessageId(Rows.id(row, "message_id")),
        Wire.value(DeliveryKind.class, row.getString("kind")),
        Wire.value(Channel.class, row.getString("channel")),
        row.getString("recipient"),
        row.getString("sender"),
        row.getString("subject"),
        row.getString("body"),
        JsonColumn.read(row.getString("details")),
        String.valueOf(row.getString("provider")),
        row.getInt("attempts"),
        Rows.time(row, "created_at"));
  }
}

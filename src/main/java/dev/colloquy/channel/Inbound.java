package dev.colloquy.channel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.job.Jobs;
import dev.colloquy.platform.json.JsonColumn;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what comes in before anything is made of it, so that no fault loses it, and knows repeats
 * (invariant 7). The job that handles it is written in the same transaction.
 */
@Singleton
public final class Inbound {
  static final TaskDescriptor<Void> HANDLE = TaskDescriptor.of("handle-inbound");

  private final Database database;
  private final Instance<Jobs> jobs;
  private final Clock clock;

  Inbound(Database database, Instance<Jobs> jobs, Clock clock) {
    this.database = database;
    this.jobs = jobs;
    this.clock = clock;
  }

  /**
   * Keeps what came in and has it handled; a repeat is known by source, agent and external id, and
   * changes nothing. It is committed when this returns.
   *
   * @return its id, where it is no repeat
   */
  public Optional<UUID> keep(
      String source,
      KeyOwner.@Nullable OfAgent agent,
      String externalId,
      String orderKey,
      @Nullable String contentType,
      @Nullable ObjectNode headers,
      byte[] body) {
    return database.inTransaction(tx -> {
      var kept =
          insert(
              tx,
              new InboundEvent(
                  Ids.next(),
                  source,
                  agent,
                  externalId,
                  orderKey,
                  contentType,
                  headers,
                  body,
                  Rows.now(clock)));
      kept.ifPresent(id -> enqueue(tx, id));
      return kept;
    });
  }

  private static Optional<UUID> insert(Handle tx, InboundEvent event) {
    var sql =
        """
        insert into inbound (
          id, source, agent_id, external_id, order_key, content_type, headers, body, status,
          received_at)
        values (
          :id, :source, :agent, :externalId, :orderKey, :contentType, cast(:headers as jsonb), :body,
          'received', :now)
        on conflict (source, agent_id, external_id) do nothing
        returning id
        """;
    var agent = event.agent();
    return tx.createQuery(sql)
        .bind("id", event.id())
        .bind("source", event.source())
        .bind("agent", agent == null ? null : agent.agent().value())
        .bind("externalId", event.externalId())
        .bind("orderKey", event.orderKey())
        .bind("contentType", event.contentType())
        .bind("headers", JsonColumn.write(event.headers()))
        .bind("body", event.body())
        .bind("now", Rows.time(event.receivedAt()))
        .mapTo(UUID.class)
        .findOne();
  }

  private void enqueue(Handle tx, UUID id) {
    jobs.get().enqueue(tx, HANDLE.instance(id.toString()).build(), clock.instant());
    database.afterCommit(() -> jobs.get().runDue());
  }

  /**
   * Begins to handle the event in the caller's transaction: whoever else does so waits.
   *
   * @return whether it is still to be handled
   */
  public static boolean take(Handle tx, InboundEvent event) {
    return tx.createQuery(
            "select id from inbound where id = :id and status = 'received' for update")
        .bind("id", event.id())
        .mapTo(UUID.class)
        .findOne()
        .isPresent();
  }

  /** Notes, in the caller's transaction, that it had its effect. */
  public void handled(
      Handle tx,
      InboundEvent event,
      String outcome,
      @Nullable ConversationId conversation,
      @Nullable MessageId message) {
    end(tx, event.id(), "handled", outcome, conversation, message);
  }

  /** Notes, in the caller's transaction, that it is to have no effect, and why. */
  public void ignored(Handle tx, InboundEvent event, String outcome) {
    end(tx, event.id(), "ignored", outcome, null, null);
  }

  void failed(Handle tx, UUID id, String outcome) {
    end(tx, id, "failed", outcome, null, null);
  }

  private void end(
      Handle tx,
      UUID id,
      String status,
      String outcome,
      @Nullable ConversationId conversation,
      @Nullable MessageId message) {
    var sql =
        """
        update inbound
        set status = :status, outcome = :outcome, conversation_id = :conversation,
            message_id = :message, handled_at = :now
        where id = :id and status = 'received'
        """;
    tx.createUpdate(sql)
        .bind("status", status)
        .bind("outcome", outcome)
        .bind("conversation", conversation == null ? null : conversation.value())
        .bind("message", message == null ? null : message.value())
        .bind("now", Rows.time(Rows.now(clock)))
        .bind("id", id)
        .execute();
  }

  /** Counts an attempt and gives what is to be handled; nothing where that is done. */
  Optional<Attempt> attempt(UUID id) {
    var sql =
        """
        with tried as (
          update inbound
          set attempts = attempts + 1
          where id = :id and status = 'received'
            and not exists (
              select from inbound earlier
              where earlier.order_key = inbound.order_key and earlier.status = 'received'
                and earlier.id < inbound.id)
          returning *
        )
        select tried.*, g.organization_id
        from tried
        left join agent g on g.id = tried.agent_id
        """;
    return database.inTransaction(tx ->
        tx.createQuery(sql)
            .bind("id", id)
            .map((row, _) -> new Attempt(toEvent(row), row.getInt("attempts")))
            .findOne());
  }

  /** An event that is to be handled, and how often it was tried by now. */
  record Attempt(InboundEvent event, int attempts) {}

  /** Whether it is still to be handled. */
  boolean isOpen(UUID id) {
    return database.read(tx ->
        tx.createQuery("select exists (select from inbound where id = :id and status = 'received')")
            .bind("id", id)
            .mapTo(Boolean.class)
            .one());
  }

  /** Has the next one of the same order handled at once. */
  void hurryNext(InboundEvent event) {
    var sql =
        """
        select id from inbound
        where order_key = :orderKey and status = 'received'
        order by id
        limit 1
        """;
    database.useTransaction(tx ->
        tx.createQuery(sql)
            .bind("orderKey", event.orderKey())
            .mapTo(UUID.class)
            .findOne()
            .ifPresent(next -> {
              jobs.get().hurry(tx, HANDLE.instance(next.toString()).build(), clock.instant());
              database.afterCommit(() -> jobs.get().runDue());
            }));
  }

  /** Has it handled again, if it failed or was ignored; whether it will be. */
  boolean replay(UUID id) {
    var sql =
        """
        update inbound
        set status = 'received', outcome = null, attempts = 0, handled_at = null
        where id = :id and status in ('failed', 'ignored') and body is not null
        """;
    return database.inTransaction(tx -> {
      var found = tx.createUpdate(sql).bind("id", id).execute() == 1;
      if (found) {
        enqueue(tx, id);
      }
      return found;
    });
  }

  private static InboundEvent toEvent(ResultSet row) throws SQLException {
    var agent = Rows.idOrNull(row, "agent_id");
    var body = row.getBytes("body");
    return new InboundEvent(
        Rows.id(row, "id"),
        row.getString("source"),
        agent == null
            ? null
            : new KeyOwner.OfAgent(
                new AgentId(agent), new OrganizationId(Rows.id(row, "organization_id"))),
        row.getString("external_id"),
        row.getString("order_key"),
        row.getString("content_type"),
        JsonColumn.read(row.getString("headers")),
        body == null ? new byte[0] : body,
        Rows.time(row, "received_at"));
  }
}

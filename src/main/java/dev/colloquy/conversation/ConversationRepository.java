package dev.colloquy.conversation;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.PlatformUserId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.json.JsonColumn;
import dev.colloquy.user.User;
import dev.colloquy.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The conversation and conversation_activity tables. Every method runs in the transaction that the
 * caller opened.
 */
final class ConversationRepository {
  static final String COLUMNS =
      """
      select c.id, c.channel, c.title, c.summary, c.score, c.context, c.metadata, c.state_id,
             c.ai_call_id, c.is_anonymized, c.created_at,
             a.mode, a.status, a.updated_at,
             u.id as user_id, u.first_name, u.last_name, u.context as user_context, u.source,
             u.fk_id, u.fk_user_id, u.email, u.phone_number, u.metadata as user_metadata,
             u.is_anonymized as user_is_anonymized, u.created_at as user_created_at,
             p.id as assigned_id, p.first_name as assigned_first_name,
             p.last_name as assigned_last_name, p.avatar_url as assigned_avatar_url,
             p.email as assigned_email, p.phone_number as assigned_phone_number
      """;
  static final String JOINS =
      """
      join conversation_activity a on a.conversation_id = c.id
      join conversation_user u on u.id = c.user_id
      left join platform_user p on p.id = c.assigned_user_id
      """;

  private ConversationRepository() {}

  static void insert(Handle tx, KeyOwner.OfAgent owner, NewConversation conversation) {
    var sql =
        """
        with stored as (
          insert into conversation (
            id, organization_id, agent_id, user_id, channel, title, context, metadata, state_id,
            assigned_user_id, created_at)
          values (
            :id, :organization, :agent, :user, :channel, :title, :context,
            cast(:metadata as jsonb), :state, :assigned, :now)
          returning id, agent_id, created_at
        )
        insert into conversation_activity (conversation_id, agent_id, status, mode, updated_at)
        select id, agent_id, 'active', 'ai', created_at from stored
        """;
    tx.createUpdate(sql)
        .bind("id", conversation.id().value())
        .bind("organization", owner.organization().value())
        .bind("agent", owner.agent().value())
        .bind("user", conversation.user().value())
        .bind("channel", Wire.name(conversation.channel()))
        .bind("title", conversation.title())
        .bind("context", conversation.context())
        .bind("metadata", JsonColumn.write(conversation.metadata()))
        .bind("state", conversation.state())
        .bind("assigned", conversation.assigned())
        .bind("now", Rows.time(conversation.createdAt()))
        .execute();
  }

  /** The agent's conversation of that id. */
  static Optional<Conversation> find(Handle tx, KeyOwner.OfAgent owner, ConversationId id) {
    var sql =
        COLUMNS
            + "from conversation c\n"
            + JOINS
            + """
            where c.id = :id and c.agent_id = :agent
            """;
    return tx.createQuery(sql)
        .bind("id", id.value())
        .bind("agent", owner.agent().value())
        .map((row, _) -> toConversation(row))
        .findOne();
  }

  /** The conversation of that id, whosever it is: for what the server does by itself. */
  static Optional<Conversation> findAny(Handle tx, ConversationId id) {
    var sql = COLUMNS + "from conversation c\n" + JOINS + "where c.id = :id";
    return tx.createQuery(sql)
        .bind("id", id.value())
        .map((row, _) -> toConversation(row))
        .findOne();
  }

  /** Stores what is said of the conversation; a title that somebody gave it stays. */
  static void describe(
      Handle tx,
      ConversationId id,
      @Nullable String title,
      @Nullable String summary,
      int score,
      Instant now) {
    var sql =
        """
        with said as (
          update conversation
          set title = coalesce(title, :title), summary = :summary, score = :score
          where id = :id
        )
        update conversation_activity
        set updated_at = greatest(updated_at, :now)
        where conversation_id = :id
        """;
    tx.createUpdate(sql)
        .bind("title", title)
        .bind("summary", summary)
        .bind("score", score)
        .bind("id", id.value())
        .bind("now", Rows.time(now))
        .execute();
  }

  /** Locks what every message and every change of mode of the conversation has to pass. */
  static void lock(Handle tx, ConversationId id) {
    var sql =
        """
        select conversation_id
        from conversation_activity
        where conversation_id = :id
        for no key update
        """;
    tx.createQuery(sql).bind("id", id.value()).mapTo(UUID.class).findOne();
  }

  static void archiveOpen(
      Handle tx, KeyOwner.OfAgent owner, UserId user, Channel channel, Instant now) {
    var sql =
        """
        with head as (
          update conversation_activity a
          set status = 'archived',
              last_seq = a.last_seq + 1,
              position = greatest(a.position, (select next from feed_position)),
              updated_at = :now
          from conversation c
          where c.id = a.conversation_id
            and c.user_id = :user and c.agent_id = :agent and c.channel = :channel
            and a.status = 'active'
          returning a.conversation_id, a.last_seq, a.agent_id, a.position, a.updated_at
        )
        insert into conversation_event (
          conversation_id, seq, agent_id, position, type, data, created_at)
        select conversation_id, last_seq, agent_id, position, 'status.changed',
               '{"status": "archived"}', updated_at
        from head
        """;
    tx.createUpdate(sql)
        .bind("now", Rows.time(now))
        .bind("user", user.value())
        .bind("agent", owner.agent().value())
        .bind("channel", Wire.name(channel))
        .execute();
  }

  /**
   * The user's open conversation with the agent that was written in last, on any of the channels,
   * locked.
   */
  static Optional<ConversationId> findOpen(
      Handle tx, KeyOwner.OfAgent owner, UserId user, Set<Channel> channels) {
    var sql =
        """
        select c.id
        from conversation c
        join conversation_activity a on a.conversation_id = c.id
        where c.user_id = :user and c.agent_id = :agent and c.channel = any (:channels)
          and a.status = 'active'
        order by a.updated_at desc, c.id desc
        limit 1
        for no key update of a
        """;
    return tx.createQuery(sql)
        .bind("user", user.value())
        .bind("agent", owner.agent().value())
        .bindArray("channels", String.class, channels.stream().map(Wire::name).toList())
        .mapTo(UUID.class)
        .findOne()
        .map(ConversationId::new);
  }

  static void move(Handle tx, ConversationId id, Channel channel) {
    tx.createUpdate("update conversation set channel = :channel where id = :id")
        .bind("channel", Wire.name(channel))
        .bind("id", id.value())
        .execute();
  }

  static void setCall(Handle tx, ConversationId id, String callId) {
    tx.createUpdate("update conversation set ai_call_id = :call where id = :id")
        .bind("call", callId)
        .bind("id", id.value())
        .execute();
  }

  /** Changes what is given and leaves what is null. */
  static void update(Handle tx, ConversationId id, ConversationChange change, Instant now) {
    var sql =
        """
        with told as (
          update conversation
          set title = coalesce(:title, title),
              context = coalesce(:context, context),
              metadata = coalesce(cast(:metadata as jsonb), metadata),
              state_id = coalesce(:state, state_id),
              assigned_user_id = coalesce(:assigned, assigned_user_id)
          where id = :id
            and (cast(:title as text) is not null or cast(:context as text) is not null
                 or cast(:metadata as jsonb) is not null or cast(:state as uuid) is not null
                 or cast(:assigned as uuid) is not null)
        )
        update conversation_activity
        set status = coalesce(:status, status),
            updated_at = :now
        where conversation_id = :id
        """;
    var status = change.status();
    tx.createUpdate(sql)
        .bind("title", change.title())
        .bind("context", change.context())
        .bind("metadata", JsonColumn.write(change.metadata()))
        .bind("state", change.state())
        .bind("assigned", change.assigned())
        .bind("status", status == null ? null : Wire.name(status))
        .bind("now", Rows.time(now))
        .bind("id", id.value())
        .execute();
  }

  /**
   * Changes who answers, if somebody else does now. A take-over raises the mode epoch, so that a
   * reply begun before is never stored (invariant 4), and ends the turns that are open: their
   * questions wait for a person. The row is locked by a statement of its own before, so that a turn
   * which is being opened at the same moment is seen, and ended too.
   *
   * @return the mode epoch, if the mode is another one now
   */
  static Optional<Integer> changeMode(
      Handle tx, ConversationId id, ConversationMode mode, Instant now) {
    lock(tx, id);
    var sql =
        """
        with changed as (
          update conversation_activity
          set mode = :mode,
              mode_epoch = mode_epoch + 1,
              open_turns = 0,
              updated_at = :now
          where conversation_id = :id and mode <> :mode
          returning conversation_id, mode_epoch
        ), ended as (
          update turn
          set status = 'superseded', ended_at = :now
          from changed
          where turn.conversation_id = changed.conversation_id
            and turn.status in ('pending', 'running')
        )
        select mode_epoch from changed
        """;
    return tx.createQuery(sql)
        .bind("mode", Wire.name(mode))
        .bind("now", Rows.time(now))
        .bind("id", id.value())
        .mapTo(Integer.class)
        .findOne();
  }

  /** Locks first what everybody locks first: whoever is writing to it waits for nothing of ours. */
  static boolean delete(Handle tx, KeyOwner.OfAgent owner, ConversationId id) {
    lock(tx, id);
    var sql = "delete from conversation where id = :id and agent_id = :agent";
    return tx.createUpdate(sql)
            .bind("id", id.value())
            .bind("agent", owner.agent().value())
            .execute()
        == 1;
  }

  /** Deletes the user's conversations with the agent; in the order of locks of {@link #delete}. */
  static void deleteOfUser(Handle tx, KeyOwner.OfAgent owner, UserId user) {
    var sql =
        """
        select a.conversation_id
        from conversation_activity a
        join conversation c on c.id = a.conversation_id
        where c.user_id = :user and c.agent_id = :agent
        order by a.conversation_id
        for update of a
        """;
    var locked =
        tx.createQuery(sql)
            .bind("user", user.value())
            .bind("agent", owner.agent().value())
            .mapTo(UUID.class)
            .list();
    tx.createUpdate("delete from conversation where id = any(:locked)")
        .bindArray("locked", UUID.class, locked)
        .execute();
  }

  /** Whether the platform user is one of the organization's. */
  static boolean hasPlatformUser(Handle tx, KeyOwner.OfAgent owner, UUID user) {
    var sql =
        """
        select count(*) from platform_user
        where id = :user and organization_id = :organization
        """;
    return tx.createQuery(sql)
            .bind("user", user)
            .bind("organization", owner.organization().value())
            .mapTo(Integer.class)
            .one()
        == 1;
  }

  static Conversation toConversation(ResultSet row) throws SQLException {
    var score = row.getObject("score", Integer.class);
    return new Conversation(
        new ConversationId(Rows.id(row, "id")),
        toUser(row),
        Wire.value(Channel.class, row.getString("channel")),
        row.getString("title"),
        row.getString("summary"),
        score,
        row.getString("context"),
        JsonColumn.read(row.getString("metadata")),
        Rows.idOrNull(row, "state_id"),
        row.getString("ai_call_id"),
        toAssigned(row),
        row.getBoolean("is_anonymized"),
        Wire.value(ConversationMode.class, row.getString("mode")),
        Wire.value(ConversationStatus.class, row.getString("status")),
        Rows.time(row, "created_at"),
        Rows.time(row, "updated_at"));
  }

  private static User toUser(ResultSet row) throws SQLException {
    return new User(
        new UserId(Rows.id(row, "user_id")),
        row.getString("first_name"),
        row.getString("last_name"),
        row.getString("user_context"),
        row.getString("source"),
        row.getString("fk_id"),
        row.getString("fk_user_id"),
        row.getString("email"),
        row.getString("phone_number"),
        JsonColumn.read(row.getString("user_metadata")),
        row.getBoolean("user_is_anonymized"),
        Rows.time(row, "user_created_at"));
  }

  private static Conversation.@Nullable Assigned toAssigned(ResultSet row) throws SQLException {
    var id = Rows.idOrNull(row, "assigned_id");
    return id == null
        ? null
        : new Conversation.Assigned(
            new PlatformUserId(id),
            row.getString("assigned_first_name"),
            row.getString("assigned_last_name"),
            row.getString("assigned_avatar_url"),
            row.getString("assigned_email"),
            row.getString("assigned_phone_number"));
  }
}

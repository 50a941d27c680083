package dev.colloquy.user;

import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.json.JsonColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The conversation_user table. Every method runs in the transaction that the caller opened. */
final class UserRepository {
  private static final String COLUMNS =
      """
      select id, first_name, last_name, context, source, email, phone_number, fk_id, fk_user_id,
             metadata, is_anonymized, created_at
      from conversation_user
      """;

  private UserRepository() {}

  /** Stores the user unless one of the contacts is taken: then nothing, and false. */
  static boolean insert(Handle tx, OrganizationId organization, User user) {
    var sql =
        """
        insert into conversation_user (
          id, organization_id, first_name, last_name, context, source, email, email_key,
          phone_number, fk_id, fk_user_id, metadata, created_at, updated_at)
        values (
          :id, :organization, :firstName, :lastName, :context, :source, :email, :emailKey,
          :phoneNumber, :fkId, :fkUserId, cast(:metadata as jsonb), :now, :now)
        on conflict do nothing
        """;
    var contacts = new Contacts(user.fkId(), user.email(), user.phoneNumber());
    return tx.createUpdate(sql)
            .bind("id", user.id().value())
            .bind("organization", organization.value())
            .bind("firstName", user.firstName())
            .bind("lastName", user.lastName())
            .bind("context", user.context())
            .bind("source", user.source())
            .bind("email", user.email())
            .bind("emailKey", contacts.emailKey())
            .bind("phoneNumber", user.phoneNumber())
            .bind("fkId", user.fkId())
            .bind("fkUserId", user.fkUserId())
            .bind("metadata", JsonColumn.write(user.metadata()))
            .bind("now", Rows.time(user.createdAt()))
            .execute()
        == 1;
  }

  static Optional<User> find(Handle tx, OrganizationId organization, UserId id) {
    var sql =
        COLUMNS
            + """
            where id = :id and organization_id = :organization
            """;
    return tx.createQuery(sql)
        .bind("id", id.value())
        .bind("organization", organization.value())
        .map((row, _) -> toUser(row))
        .findOne();
  }

  /** The user who has every one of the contacts that are given. */
  static Optional<User> findByAll(Handle tx, OrganizationId organization, Contacts contacts) {
    var sql =
        COLUMNS
            + """
            where organization_id = :organization
              and (cast(:fkId as text) is null or fk_id = :fkId)
              and (cast(:emailKey as text) is null or email_key = :emailKey)
              and (cast(:phoneNumber as text) is null or phone_number = :phoneNumber)
            limit 1
            """;
    return tx.createQuery(sql)
        .bind("organization", organization.value())
        .bind("fkId", contacts.fkId())
        .bind("emailKey", contacts.emailKey())
        .bind("phoneNumber", contacts.phoneNumber())
        .map((row, _) -> toUser(row))
        .findOne();
  }

  /** The user who has the fkId, else the one with the e-mail, else the one with the number. */
  static Optional<User> findByFirst(Handle tx, OrganizationId organization, Contacts contacts) {
    var sql =
        COLUMNS
            + """
            where organization_id = :organization
              and (fk_id = :fkId or email_key = :emailKey or phone_number = :phoneNumber)
            order by (fk_id = :fkId) is true desc, (email_key = :emailKey) is true desc
            limit 1
            """;
    return tx.createQuery(sql)
        .bind("organization", organization.value())
        .bind("fkId", contacts.fkId())
        .bind("emailKey", contacts.emailKey())
        .bind("phoneNumber", contacts.phoneNumber())
        .map((row, _) -> toUser(row))
        .findOne();
  }

  /**
   * Gives a known user a new context where there is one, and of the rest what it lacks; contacts
   * apart. Locks the user until the transaction ends.
   */
  static void complete(Handle tx, UserId known, User asked) {
    var sql =
        """
        update conversation_user
        set context = coalesce(:context, context),
            source = coalesce(source, :source),
            fk_user_id = coalesce(fk_user_id, :fkUserId),
            metadata = coalesce(metadata, cast(:metadata as jsonb)),
            updated_at = :now
        where id = :id
        """;
    tx.createUpdate(sql)
        .bind("context", asked.context())
        .bind("source", asked.source())
        .bind("fkUserId", asked.fkUserId())
        .bind("metadata", JsonColumn.write(asked.metadata()))
        .bind("id", known.value())
        .bind("now", Rows.time(asked.createdAt()))
        .execute();
  }

  /** Gives a user who has none the e-mail address; it must be nobody else's. */
  static void addEmail(Handle tx, UserId id, Contacts contacts) {
    var sql =
        """
        update conversation_user
        set email = :email, email_key = :emailKey
        where id = :id and email_key is null
        """;
    tx.createUpdate(sql)
        .bind("email", contacts.email())
        .bind("emailKey", contacts.emailKey())
        .bind("id", id.value())
        .execute();
  }

  /** Gives a user who has none the phone number; it must be nobody else's. */
  static void addPhoneNumber(Handle tx, UserId id, Contacts contacts) {
    var sql =
        """
        update conversation_user
        set phone_number = :phoneNumber
        where id = :id and phone_number is null
        """;
    tx.createUpdate(sql)
        .bind("phoneNumber", contacts.phoneNumber())
        .bind("id", id.value())
        .execute();
  }

  /** Gives a user who has none the fkId; it must be nobody else's. */
  static void addFkId(Handle tx, UserId id, Contacts contacts) {
    var sql =
        """
        update conversation_user
        set fk_id = :fkId
        where id = :id and fk_id is null
        """;
    tx.createUpdate(sql).bind("fkId", contacts.fkId()).bind("id", id.value()).execute();
  }

  /** Keeps the user from being deleted until the transaction ends. */
  static void keep(Handle tx, UserId id) {
    tx.createQuery("select id from conversation_user where id = :id for key share")
        .bind("id", id.value())
        .mapTo(UUID.class)
        .findOne();
  }

  /** Deletes the user and, with it, every conversation. False where there is none. */
  static boolean delete(Handle tx, OrganizationId organization, UserId id) {
    lock(tx, organization, id);
    var sql =
        """
        delete from conversation_user
        where id = :id and organization_id = :organization
        """;
    return tx.createUpdate(sql)
            .bind("id", id.value())
            .bind("organization", organization.value())
            .execute()
        == 1;
  }

  /** The user, then what everything that happens in its conversations has to pass. */
  private static void lock(Handle tx, OrganizationId organization, UserId id) {
    tx.createQuery(
            "select id from conversation_user where id = :id and organization_id = :organization"
                + " for update")
        .bind("id", id.value())
        .bind("organization", organization.value())
        .mapTo(UUID.class)
        .findOne();
    var conversations =
        """
        select a.conversation_id
        from conversation_activity a
        join conversation c on c.id = a.conversation_id
        where c.user_id = :id and c.organization_id = :organization
        order by a.conversation_id
        for update of a
        """;
    tx.createQuery(conversations)
        .bind("id", id.value())
        .bind("organization", organization.value())
        .mapTo(UUID.class)
        .list();
  }

  /** The newest 1,000 of the user's conversations with the agent, oldest first. */
  static List<String> conversationIds(Handle tx, UserId user, AgentId agent) {
    var sql =
        """
        select id
        from (select id, created_at
              from conversation
              where user_id = :user and agent_id = :agent
              order by created_at desc, id desc
              limit 1000) newest
        order by created_at, id
        """;
    return tx.createQuery(sql)
        .bind("user", user.value())
        .bind("agent", agent.value())
        .mapTo(String.class)
        .list();
  }

  private static User toUser(ResultSet row) throws SQLException {
    return new User(
        new UserId(Rows.id(row, "id")),
        row.getString("first_name"),
        row.getString("last_name"),
        row.getString("context"),
        row.getString("source"),
        row.getString("fk_id"),
        row.getString("fk_user_id"),
        row.getString("email"),
        row.getString("phone_number"),
        JsonColumn.read(row.getString("metadata")),
        row.getBoolean("is_anonymized"),
        Rows.time(row, "created_at"));
  }
}

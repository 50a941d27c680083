package dev.colloquy.apikey;

import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The api_key table. Every method runs in the transaction that the caller opened. */
final class ApiKeyRepository {
  private ApiKeyRepository() {}

  static void insert(Handle tx, ApiKey key, byte[] hash) {
    var sql =
        """
        insert into api_key (
          id, kind, organization_id, agent_id, hash, hint, name, created_at, expires_at)
        values (:id, :kind, :organization, :agent, :hash, :hint, :name, :now, :expires)
        """;
    tx.createUpdate(sql)
        .bind("id", key.id().value())
        .bind("kind", Wire.name(key.owner().kind()))
        .bind("organization", organizationOf(key.owner()))
        .bind("agent", agentOf(key.owner()))
        .bind("hash", hash)
        .bind("hint", key.hint())
        .bind("name", key.name())
        .bind("now", Rows.time(key.createdAt()))
        .bind("expires", Rows.time(key.expiresAt()))
        .execute();
  }

  static Optional<ApiKey> findByHash(Handle tx, byte[] hash) {
    var sql =
        """
        select id, kind, organization_id, agent_id, hint, name,
               created_at, expires_at, revoked_at, last_used_at
        from api_key
        where hash = :hash
        """;
    return tx.createQuery(sql).bind("hash", hash).map((row, _) -> toKey(row)).findOne();
  }

  /** The owner's keys, newest first; a null owner means every key there is. */
  static List<ApiKey> list(Handle tx, @Nullable KeyOwner owner, int limit, long offset) {
    var sql =
        """
        select id, kind, organization_id, agent_id, hint, name,
               created_at, expires_at, revoked_at, last_used_at
        from api_key
        where cast(:kind as text) is null
           or (kind = :kind
               and organization_id is not distinct from :organization
               and agent_id is not distinct from :agent)
        order by created_at desc, id desc
        limit :limit offset :offset
        """;
    return tx.createQuery(sql)
        .bind("kind", owner == null ? null : Wire.name(owner.kind()))
        .bind("organization", owner == null ? null : organizationOf(owner))
        .bind("agent", owner == null ? null : agentOf(owner))
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, _) -> toKey(row))
        .list();
  }

  /** Revokes the key; a null owner stands for whoever owns it. False where it names nothing. */
  static boolean revoke(Handle tx, @Nullable KeyOwner owner, KeyId id, Instant now) {
    var sql =
        """
        update api_key
        set revoked_at = coalesce(revoked_at, :now)
        where id = :id
          and (cast(:kind as text) is null
               or (kind = :kind
                   and organization_id is not distinct from :organization
                   and agent_id is not distinct from :agent))
        """;
    return tx.createUpdate(sql)
            .bind("now", Rows.time(now))
            .bind("id", id.value())
            .bind("kind", owner == null ? null : Wire.name(owner.kind()))
            .bind("organization", owner == null ? null : organizationOf(owner))
            .bind("agent", owner == null ? null : agentOf(owner))
            .execute()
        == 1;
  }

  /** Notes that the key was used, at most once a minute. */
  static void touch(Handle tx, KeyId id, Instant now) {
    var sql =
        """
        update api_key
        set last_used_at = :now
        where id = :id
          and (last_used_at is null or last_used_at < :now - interval '1 minute')
        """;
    tx.createUpdate(sql).bind("now", Rows.time(now)).bind("id", id.value()).execute();
  }

  private static @Nullable UUID organizationOf(KeyOwner owner) {
    return switch (owner) {
      case KeyOwner.OfAgent(var _, var organization) -> organization.value();
      case KeyOwner.OfOrganization(var organization) -> organization.value();
      case KeyOwner.OfInstallation() -> null;
    };
  }

  private static @Nullable UUID agentOf(KeyOwner owner) {
    return owner instanceof KeyOwner.OfAgent(var agent, var _) ? agent.value() : null;
  }

  private static ApiKey toKey(ResultSet row) throws SQLException {
    var owner =
        switch (Wire.value(KeyKind.class, row.getString("kind"))) {
          case AGENT ->
              new KeyOwner.OfAgent(
                  new AgentId(Rows.id(row, "agent_id")),
                  new OrganizationId(Rows.id(row, "organization_id")));
          case ORGANIZATION ->
              new KeyOwner.OfOrganization(new OrganizationId(Rows.id(row, "organization_id")));
          case SUPER_ADMIN -> new KeyOwner.OfInstallation();
        };
    return new ApiKey(
        new KeyId(Rows.id(row, "id")),
        owner,
        row.getString("hint"),
        row.getString("name"),
        Rows.time(row, "created_at"),
        Rows.timeOrNull(row, "expires_at"),
        Rows.timeOrNull(row, "revoked_at"),
        Rows.timeOrNull(row, "last_used_at"));
  }
}

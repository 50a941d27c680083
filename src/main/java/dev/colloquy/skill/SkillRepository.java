package dev.colloquy.skill;

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

/** The skill table. Every method runs in the transaction that the caller opened. */
final class SkillRepository {
  private static final String COLUMNS =
      """
      select s.agent_id, g.organization_id, s.name, s.settings, s.secrets
      from skill s
      join agent g on g.id = s.agent_id
      """;

  private SkillRepository() {}

  /**
   * A skill as it is stored.
   *
   * @param settings JSON without secrets
   * @param sealed JSON with secrets, sealed for the agent; null where it has none
   */
  @SuppressWarnings("ArrayRecordComponent") // rows are read, never compared
  record Row(
      AgentId agent,
      OrganizationId organization,
      SkillName name,
      String settings,
      byte @Nullable [] sealed) {}

  static Optional<Row> find(Handle tx, AgentId agent, SkillName name) {
    var sql = COLUMNS + "where s.agent_id = :agent and s.name = :name";
    return tx.createQuery(sql)
        .bind("agent", agent.value())
        .bind("name", name.name())
        .map((row, _) -> toRow(row))
        .findOne();
  }

  static List<Row> ofAgent(Handle tx, AgentId agent) {
    var sql = COLUMNS + "where s.agent_id = :agent order by s.name";
    return tx.createQuery(sql).bind("agent", agent.value()).map((row, _) -> toRow(row)).list();
  }

  /** Those of all agents, in a steady order. */
  static List<Row> all(Handle tx, SkillName name) {
    var sql = COLUMNS + "where s.name = :name and s.status = 'active' order by s.agent_id";
    return tx.createQuery(sql).bind("name", name.name()).map((row, _) -> toRow(row)).list();
  }

  /** Those with secrets that were changed last. */
  static List<Row> lastSealed(Handle tx, int most) {
    var sql = COLUMNS + "where s.secrets is not null order by s.updated_at desc limit :most";
    return tx.createQuery(sql).bind("most", most).map((row, _) -> toRow(row)).list();
  }

  static Optional<Row> byAddress(Handle tx, SkillName name, String address) {
    var sql = COLUMNS + "where s.name = :name and s.address = :address";
    return tx.createQuery(sql)
        .bind("name", name.name())
        .bind("address", address)
        .map((row, _) -> toRow(row))
        .findOne();
  }

  /** Whether the address is another agent's. */
  static boolean isTaken(Handle tx, AgentId agent, SkillName name, String address) {
    var sql =
        """
        select count(*) from skill
        where name = :name and address = :address and agent_id <> :agent
        """;
    return tx.createQuery(sql)
            .bind("name", name.name())
            .bind("address", address)
            .bind("agent", agent.value())
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  static void put(
      Handle tx,
      AgentId agent,
      SkillSettings settings,
      String json,
      byte @Nullable [] sealed,
      Instant now) {
    var sql =
        """
        insert into skill (agent_id, name, status, address, settings, secrets, updated_at)
        values (:agent, :name, :status, :address, cast(:settings as jsonb), :secrets, :now)
        on conflict (agent_id, name) do update
        set status = excluded.status, address = excluded.address, settings = excluded.settings,
            secrets = excluded.secrets, updated_at = excluded.updated_at
        """;
    var status = settings.status();
    tx.createUpdate(sql)
        .bind("agent", agent.value())
        .bind("name", settings.name().name())
        .bind("status", Wire.name(status == null ? SkillStatus.ACTIVE : status))
        .bind("address", settings.address())
        .bind("settings", json)
        .bind("secrets", sealed)
        .bind("now", Rows.time(now))
        .execute();
  }

  static boolean delete(Handle tx, AgentId agent, SkillName name) {
    return tx.createUpdate("delete from skill where agent_id = :agent and name = :name")
            .bind("agent", agent.value())
            .bind("name", name.name())
            .execute()
        == 1;
  }

  /** Whether the agent is the organization's; locked, so that skills change one by one. */
  static boolean lockAgent(Handle tx, OrganizationId organization, AgentId agent) {
    var sql =
        "select id from agent where id = :agent and organization_id = :organization for update";
    return tx.createQuery(sql)
        .bind("agent", agent.value())
        .bind("organization", organization.value())
        .mapTo(UUID.class)
        .findOne()
        .isPresent();
  }

  /** Whether the agent is the organization's. */
  static boolean hasAgent(Handle tx, OrganizationId organization, AgentId agent) {
    var sql = "select id from agent where id = :agent and organization_id = :organization";
    return tx.createQuery(sql)
        .bind("agent", agent.value())
        .bind("organization", organization.value())
        .mapTo(UUID.class)
        .findOne()
        .isPresent();
  }

  private static Row toRow(ResultSet row) throws SQLException {
    return new Row(
        new AgentId(Rows.id(row, "agent_id")),
        new OrganizationId(Rows.id(row, "organization_id")),
        SkillName.valueOf(row.getString("name")),
        row.getString("settings"),
        row.getBytes("secrets"));
  }
}

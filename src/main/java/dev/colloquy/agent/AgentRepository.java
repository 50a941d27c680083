package dev.colloquy.agent;

import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The agent table. Every method runs in the transaction that the caller opened. */
final class AgentRepository {
  private AgentRepository() {}

  /** Stores the agent, unless the role is not the organization's: then nothing, and false. */
  static boolean insert(
      Handle tx,
      AgentId id,
      OrganizationId organization,
      UUID role,
      Agent.Settings settings,
      Instant now) {
    var sql =
        """
        insert into agent (
          id, organization_id, role_id, name, public_name, description, status, tags, avatar_url,
          background_url, instructions, model, fallback_model, temperature, top_p,
          reasoning_effort, reasoning_mode, is_file_search_enabled, file_search_max_num_results,
          is_code_interpreter_enabled, is_output_json_schema_enabled, output_json_schema,
          is_api_skill_enabled, restrict_documents_to_owner_only, default_error_message,
          scoring_prompt, idle_time_seconds, turns_in_flight, when_busy, burst_window_ms,
          is_delivery_paused, created_at, updated_at)
        select :id, r.organization_id, r.id, :name, :publicName, :description, :status, :tags,
               :avatarUrl, :backgroundUrl, :instructions, :model, :fallbackModel, :temperature,
               :topP, :reasoningEffort, :reasoningMode, :fileSearch, :fileSearchResults,
               :codeInterpreter, :jsonSchemaEnabled, :jsonSchema, :apiSkill, :restrictDocuments,
               :errorMessage, :scoringPrompt, :idleTime, :turnsInFlight, :whenBusy, :burstWindow,
               :deliveryPaused, :now, :now
        from agent_role r
        where r.id = :role and r.organization_id = :organization
        """;
    return bind(tx.createUpdate(sql), settings)
            .bind("id", id.value())
            .bind("organization", organization.value())
            .bind("role", role)
            .bind("now", Rows.time(now))
            .execute()
        == 1;
  }

  static void update(Handle tx, AgentId id, Agent.Settings settings, Instant now) {
    var sql =
        """
        update agent
        set name = :name,
            public_name = :publicName,
            description = :description,
            status = :status,
            tags = :tags,
            avatar_url = :avatarUrl,
            background_url = :backgroundUrl,
            instructions = :instructions,
            model = :model,
            fallback_model = :fallbackModel,
            temperature = :temperature,
            top_p = :topP,
            reasoning_effort = :reasoningEffort,
            reasoning_mode = :reasoningMode,
            is_file_search_enabled = :fileSearch,
            file_search_max_num_results = :fileSearchResults,
            is_code_interpreter_enabled = :codeInterpreter,
            is_output_json_schema_enabled = :jsonSchemaEnabled,
            output_json_schema = :jsonSchema,
            is_api_skill_enabled = :apiSkill,
            restrict_documents_to_owner_only = :restrictDocuments,
            default_error_message = :errorMessage,
            scoring_prompt = :scoringPrompt,
            idle_time_seconds = :idleTime,
            turns_in_flight = :turnsInFlight,
            when_busy = :whenBusy,
            burst_window_ms = :burstWindow,
            is_delivery_paused = :deliveryPaused,
            updated_at = :now
        where id = :id
        """;
    bind(tx.createUpdate(sql), settings)
        .bind("id", id.value())
        .bind("now", Rows.time(now))
        .execute();
  }

  /** The organization's agent of that id; locked until the transaction ends where wanted. */
  static Optional<Agent> find(
      Handle tx, OrganizationId organization, AgentId id, boolean forUpdate) {
    // Two fixed statements that differ in their last line, rather than one put together.
    var sql =
        """
        select a.*, o.name as organization_name, r.name as role_name,
               (select k.id from api_key k
                where k.agent_id = a.id and k.revoked_at is null
                order by k.created_at desc limit 1) as api_key_id
        from agent a
        join organization o on o.id = a.organization_id
        join agent_role r on r.id = a.role_id
        where a.id = :id and a.organization_id = :organization
        """;
    if (forUpdate) {
      tx.createQuery("select id from agent where id = :id for update")
          .bind("id", id.value())
          .mapTo(UUID.class)
          .findOne();
    }
    return tx.createQuery(sql)
        .bind("id", id.value())
        .bind("organization", organization.value())
        .map((row, _) -> toAgent(row))
        .findOne();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, Agent.Settings s) {
    return statement
        .bind("name", s.name())
        .bind("publicName", s.publicName())
        .bind("description", s.description())
        .bind("status", Wire.name(s.status()))
        .bindArray("tags", String.class, s.tags())
        .bind("avatarUrl", s.avatarUrl())
        .bind("backgroundUrl", s.backgroundUrl())
        .bind("instructions", s.instructions())
        .bind("model", s.model())
        .bind("fallbackModel", s.fallbackModel())
        .bind("temperature", s.temperature())
        .bind("topP", s.topP())
        .bind("reasoningEffort", nameOrNull(s.reasoningEffort()))
        .bind("reasoningMode", nameOrNull(s.reasoningMode()))
        .bind("fileSearch", s.isFileSearchEnabled())
        .bind("fileSearchResults", s.fileSearchMaxNumResults())
        .bind("codeInterpreter", s.isCodeInterpreterEnabled())
        .bind("jsonSchemaEnabled", s.isOutputJsonSchemaEnabled())
        .bind("jsonSchema", s.outputJsonSchema())
        .bind("apiSkill", s.isApiSkillEnabled())
        .bind("restrictDocuments", s.restrictDocumentsToOwnerOnly())
        .bind("errorMessage", s.defaultErrorMessage())
        .bind("scoringPrompt", s.scoringPrompt())
        .bind("idleTime", s.idleTimeSeconds())
        .bind("turnsInFlight", s.turnsInFlight())
        .bind("whenBusy", Wire.name(s.whenBusy()))
        .bind("burstWindow", s.burstWindowMs())
        .bind("deliveryPaused", s.isDeliveryPaused());
  }

  private static @Nullable String nameOrNull(@Nullable Enum<?> constant) {
    return constant == null ? null : Wire.name(constant);
  }

  private static Agent toAgent(ResultSet row) throws SQLException {
    var effort = row.getString("reasoning_effort");
    var mode = row.getString("reasoning_mode");
    var settings =
        new Agent.Settings(
            row.getString("name"),
            row.getString("public_name"),
            row.getString("description"),
            Wire.value(AgentStatus.class, row.getString("status")),
            texts(row.getArray("tags")),
            row.getString("avatar_url"),
            row.getString("background_url"),
            row.getString("instructions"),
            row.getString("model"),
            row.getString("fallback_model"),
            row.getObject("temperature", Double.class),
            row.getObject("top_p", Double.class),
            effort == null ? null : Wire.value(ReasoningEffort.class, effort),
            mode == null ? null : Wire.value(ReasoningMode.class, mode),
            row.getBoolean("is_file_search_enabled"),
            row.getInt("file_search_max_num_results"),
            row.getBoolean("is_code_interpreter_enabled"),
            row.getBoolean("is_output_json_schema_enabled"),
            row.getString("output_json_schema"),
            row.getBoolean("is_api_skill_enabled"),
            row.getBoolean("restrict_documents_to_owner_only"),
            row.getString("default_error_message"),
            row.getString("scoring_prompt"),
            row.getObject("idle_time_seconds", Integer.class),
            row.getObject("turns_in_flight", Integer.class),
            Wire.value(WhenBusy.class, row.getString("when_busy")),
            row.getInt("burst_window_ms"),
            row.getBoolean("is_delivery_paused"));
    return new Agent(
        new AgentId(Rows.id(row, "id")),
        new OrganizationId(Rows.id(row, "organization_id")),
        row.getString("organization_name"),
        Rows.id(row, "role_id"),
        row.getString("role_name"),
        Rows.idOrNull(row, "api_key_id"),
        settings,
        Rows.time(row, "created_at"),
        Rows.time(row, "updated_at"));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}

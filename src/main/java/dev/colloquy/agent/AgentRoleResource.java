package dev.colloquy.agent;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.platform.db.Database;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The roles that an organization's agents are created with. */
@Path("/external/agent-roles")
@RunOnVirtualThread
@Tag(name = "Agents")
final class AgentRoleResource {
  private final Database database;
  private final Caller caller;

  AgentRoleResource(Database database, Caller caller) {
    this.database = database;
    this.caller = caller;
  }

  /** A role. */
  @Schema(name = "AgentRole", description = "What an agent is for.")
  record AgentRoleResponse(
      @Schema(required = true) String id,
      @Schema(examples = "Assistant", required = true) String name,
      @Schema(required = true) String description) {}

  @GET
  @Path("/by-api-key")
  @RequiresKey.OfOrganization
  @Operation(
      operationId = "listAgentRoles",
      summary = "List the organization's agent roles",
      description = "One of them is named when an agent is created; by name, all of them.")
  public List<AgentRoleResponse> list() {
    var organization = caller.organization().organization();
    var sql =
        """
        select id, name, description
        from agent_role
        where organization_id = :organization
        order by name
        """;
    return database.read(tx ->
        tx.createQuery(sql)
            .bind("organization", organization.value())
            .map((row, _) ->
                new AgentRoleResponse(
                    row.getString("id"), row.getString("name"), row.getString("description")))
            .list());
  }
}

package dev.colloquy.agent;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.http.Idempotent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Agents, as their organization and their own key see them. */
@Path("/external/agents")
@RunOnVirtualThread
@Idempotent
@Tag(name = "Agents")
final class AgentResource {
  private final AgentService agents;
  private final Caller caller;

  AgentResource(AgentService agents, Caller caller) {
    this.agents = agents;
    this.caller = caller;
  }

  @POST
  @Idempotent(showsSecret = true)
  @RequiresKey.OfOrganization
  @ResponseStatus(201)
  @Operation(
      operationId = "createAgent",
      summary = "Make an agent",
      description =
          "Makes an agent of the calling organization and, unless isApiSkillEnabled is false, a"
              + " key for it, which is shown in this answer only.")
  public AgentResponse create(@NotNull @Valid CreateAgentRequest request) {
    return agents.create(caller.organization().organization(), request);
  }

  @PUT
  @Path("/{id}")
  @RequiresKey.OfOrganization
  @Operation(
      operationId = "updateAgent",
      summary = "Change an agent",
      description = "What is left out stays as it is. The next turn sees the change.")
  public AgentResponse update(
      @PathParam("id") AgentId id, @NotNull @Valid UpdateAgentRequest request) {
    return agents.update(caller.organization().organization(), id, request);
  }

  @GET
  @Path("/by-api-key")
  @RequiresKey.OfAgent
  @Operation(
      operationId = "getAgentByApiKey",
      summary = "Show the agent whose key this is",
      description = "The calling agent itself.")
  public AgentResponse byApiKey() {
    var agent = caller.agent();
    return agents.show(agent.organization(), agent.agent());
  }
}

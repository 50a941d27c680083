package dev.colloquy.agent;

import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.KeyId;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.apikey.KeyRequest;
import dev.colloquy.apikey.KeyResponse;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.Idempotent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jdbi.v3.core.Handle;

/** The keys of one agent, as its organization sees them. Beyond the published API. */
@Path("/external/agents/{id}/keys")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfOrganization
@Tag(name = "Agents")
final class AgentKeyResource {
  private static final int MOST = 1_000;

  private final Database database;
  private final ApiKeys keys;
  private final Caller caller;
  private final Clock clock;

  AgentKeyResource(Database database, ApiKeys keys, Caller caller, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.caller = caller;
    this.clock = clock;
  }

  @POST
  @Idempotent(showsSecret = true)
  @ResponseStatus(201)
  @Operation(
      operationId = "createAgentKey",
      summary = "Make another key for an agent",
      description =
          "Beyond the published API. The secret is in this answer only; the agent's other keys stay"
              + " valid until they are revoked, so that a key can be changed without a gap.")
  public KeyResponse create(@PathParam("id") AgentId id, @NotNull @Valid KeyRequest request) {
    request.check(clock.instant());
    return KeyResponse.issued(
        database.inTransaction(
            tx -> keys.issue(tx, owner(tx, id), request.name(), request.expiresAt())));
  }

  @GET
  @Operation(
      operationId = "listAgentKeys",
      summary = "List an agent's keys",
      description =
          "Beyond the published API. The newest 1,000, newest first, revoked ones too; never a"
              + " secret.")
  public List<KeyResponse> list(@PathParam("id") AgentId id) {
    return database.read(
        tx -> keys.list(tx, owner(tx, id), MOST, 0).stream().map(KeyResponse::of).toList());
  }

  @DELETE
  @Path("/{keyId}")
  @ResponseStatus(204)
  @Operation(
      operationId = "revokeAgentKey",
      summary = "Revoke an agent's key",
      description =
          "Beyond the published API. It is refused at once on this node, and within 3 seconds on"
              + " every other.")
  public void revoke(@PathParam("id") AgentId id, @PathParam("keyId") KeyId keyId) {
    var owner = database.read(tx -> owner(tx, id));
    if (!keys.revoke(owner, keyId)) {
      throw ApiException.notFound();
    }
  }

  private KeyOwner owner(Handle tx, AgentId id) {
    var organization = caller.organization().organization();
    AgentService.require(tx, organization, id, false);
    return new KeyOwner.OfAgent(id, organization);
  }
}

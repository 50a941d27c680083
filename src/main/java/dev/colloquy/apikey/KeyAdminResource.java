package dev.colloquy.apikey;

import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.Idempotent;
import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.json.Text;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** All keys of the installation, as its operator sees them. */
@Path("/admin/keys")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfSuperAdmin
@Tag(name = "Administration")
final class KeyAdminResource {
  private final Database database;
  private final ApiKeys keys;
  private final Clock clock;

  KeyAdminResource(Database database, ApiKeys keys, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  /** A new key, and whom it is to speak for. */
  @Schema(name = "KeyAdminRequest", description = "A new key, and whom it is to speak for.")
  record Request(
      @Schema(required = true) @NotNull KeyKind kind,
      @Schema(description = "Needed where kind is agent.") @Nullable String agentId,
      @Schema(description = "Needed where kind is organization.") @Nullable String organizationId,
      @Schema(description = "What it is for.", examples = "Web shop", required = true)
          @NotBlank
          @Size(max = 255)
          String name,
      @Schema(description = "From then on it is refused; left out: never.")
          @Nullable Instant expiresAt) {
    Request {
      agentId = Text.orNull(agentId);
      organizationId = Text.orNull(organizationId);
    }
  }

  @POST
  @Idempotent(showsSecret = true)
  @ResponseStatus(201)
  @Operation(
      operationId = "createKey",
      summary = "Make a key",
      description = "The secret is in this answer only; what is stored is its hash.")
  public KeyResponse create(@NotNull @Valid Request request) {
    KeyRequest.checkExpiry(request.expiresAt(), clock.instant());
    return KeyResponse.issued(
        database.inTransaction(
            tx -> keys.issue(tx, owner(tx, request), request.name(), request.expiresAt())));
  }

  private static KeyOwner owner(Handle tx, Request request) {
    return switch (request.kind()) {
      case AGENT -> agent(tx, required("agentId", request.agentId()));
      case ORGANIZATION -> organization(tx, required("organizationId", request.organizationId()));
      case SUPER_ADMIN -> new KeyOwner.OfInstallation();
    };
  }

  private static String required(String field, @Nullable String value) {
    if (value == null) {
      throw ApiException.badField(field, "is required for keys of this kind");
    }
    return value;
  }

  private static KeyOwner agent(Handle tx, String text) {
    var agent = Ids.parse(text).orElseThrow(ApiException::notFound);
    return tx.createQuery("select organization_id from agent where id = :id")
        .bind("id", agent)
        .mapTo(UUID.class)
        .findOne()
        .map(of -> new KeyOwner.OfAgent(new AgentId(agent), new OrganizationId(of)))
        .orElseThrow(ApiException::notFound);
  }

  private static KeyOwner organization(Handle tx, String text) {
    var organization = Ids.parse(text).orElseThrow(ApiException::notFound);
    return tx.createQuery("select id from organization where id = :id")
        .bind("id", organization)
        .mapTo(UUID.class)
        .findOne()
        .map(id -> new KeyOwner.OfOrganization(new OrganizationId(id)))
        .orElseThrow(ApiException::notFound);
  }

  @GET
  @Operation(
      operationId = "listKeys",
      summary = "List all keys",
      description = "Newest first, revoked and expired ones too; an empty list ends the paging.")
  public List<KeyResponse> list(
      @Parameter(
              description = "From 1.",
              schema = @Schema(type = SchemaType.INTEGER, minimum = "1", defaultValue = "1"))
          @QueryParam("page")
          @Nullable String page,
      @Parameter(
              description = "More than 100 is cut to 100.",
              schema = @Schema(type = SchemaType.INTEGER, minimum = "1", defaultValue = "20"))
          @QueryParam("pageSize")
          @Nullable String pageSize) {
    var request = PageRequest.of(page, pageSize, null);
    return database.read(tx ->
        keys.list(tx, null, request.pageSize(), request.offset()).stream()
            .map(KeyResponse::of)
            .toList());
  }

  @DELETE
  @Path("/{id}")
  @ResponseStatus(204)
  @Operation(
      operationId = "revokeKey",
      summary = "Revoke a key",
      description = "It is refused at once on this node, and within 3 seconds on every other.")
  public void revoke(@PathParam("id") KeyId id) {
    if (!keys.revoke(null, id)) {
      throw ApiException.notFound();
    }
  }
}

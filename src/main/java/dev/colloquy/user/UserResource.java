package dev.colloquy.user;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.Idempotent;
import dev.colloquy.platform.http.QueryText;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Users, as the agents that share them see them. */
@Path("/external/users")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfAgent
@Tag(name = "Users")
final class UserResource {
  private final Database database;
  private final Caller caller;
  private final Clock clock;

  UserResource(Database database, Caller caller, Clock clock) {
    this.database = database;
    this.caller = caller;
    this.clock = clock;
  }

  /** A user that was searched for, and its conversations. */
  @Schema(name = "UserSearchResult")
  record SearchResponse(
      @Schema(required = true) UserResponse user,
      @Schema(
              description =
                  "Its conversations with the calling agent, oldest first; the newest 1,000.",
              required = true)
          List<String> conversationIds) {}

  @POST
  @ResponseStatus(201)
  @Operation(
      operationId = "createUser",
      summary = "Make a user",
      description =
          "Needs at least one of email, phoneNumber and fkId; each is unique in the organization,"
              + " and a second user with one of them is refused with 400.")
  public UserResponse create(@NotNull @Valid CreateUserRequest request) {
    var organization = caller.agent().organization();
    var user = request.user(Rows.now(clock));
    return UserResponse.of(database.inTransaction(tx -> Users.create(tx, organization, user)));
  }

  @GET
  @Path("/search")
  @Operation(
      operationId = "searchUser",
      summary = "Find a user by its contacts",
      description =
          "Takes one or more of the three; the user found has all that are given. 404 where there"
              + " is none.")
  public SearchResponse search(
      @Parameter(description = "Without regard to case.", example = "grace@example.com")
          @QueryParam("email")
          @Nullable String email,
      @Parameter(description = "In E.164.", example = "+12125550123") @QueryParam("phoneNumber")
          @Nullable String phoneNumber,
      @Parameter(description = "Your own id of the user.") @QueryParam("fkId")
          @Nullable String fkId) {
    var agent = caller.agent();
    var contacts =
        Contacts.of(
            QueryText.text("fkId", fkId),
            plusInside(QueryText.text("email", email)),
            plus(QueryText.text("phoneNumber", phoneNumber)),
            true,
            true);
    return database.read(tx -> {
      var user =
          UserRepository.findByAll(tx, agent.organization(), contacts)
              .orElseThrow(ApiException::notFound);
      return new SearchResponse(
          UserResponse.of(user), Users.conversationIds(tx, user.id(), agent.agent()));
    });
  }

  /** A plus that was not escaped in the query arrives as a space. */
  private static @Nullable String plus(@Nullable String number) {
    return number != null && number.startsWith(" ") ? "+" + number.substring(1) : number;
  }

  /** Likewise; a valid address holds no space. */
  private static @Nullable String plusInside(@Nullable String email) {
    if (email == null) {
      return null;
    }
    var meant = email.strip().replace(' ', '+');
    return Contacts.isEmail(meant) ? meant : email;
  }

  @GET
  @Path("/{id}")
  @Operation(operationId = "getUser", summary = "Show a user")
  public UserResponse get(@PathParam("id") UserId id) {
    var organization = caller.agent().organization();
    return UserResponse.of(database.read(tx -> Users.require(tx, organization, id)));
  }

  @DELETE
  @Path("/{id}")
  @ResponseStatus(204)
  @Operation(
      operationId = "deleteUser",
      summary = "Delete a user and all its conversations",
      description = "Also those with other agents of the organization; at once, and for good.")
  public void delete(@PathParam("id") UserId id) {
    var organization = caller.agent().organization();
    if (!database.inTransaction(tx -> UserRepository.delete(tx, organization, id))) {
      throw ApiException.notFound();
    }
  }
}

package dev.colloquy.conversation;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.Idempotent;
import dev.colloquy.platform.http.Page;
import dev.colloquy.user.UserId;
import dev.colloquy.user.Users;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Event;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Conversations, as the agent whose they are sees them. */
@Path("/external/conversations")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfAgent
@Tag(name = "Conversations")
final class ConversationResource {
  private final Database database;
  private final Caller caller;
  private final Clock clock;
  private final Event<ModeChanged> modeChanged;
  private final EventSignals signals;

  ConversationResource(
      Database database,
      Caller caller,
      Clock clock,
      Event<ModeChanged> modeChanged,
      EventSignals signals) {
    this.database = database;
    this.caller = caller;
    this.clock = clock;
    this.modeChanged = modeChanged;
    this.signals = signals;
  }

  /** Whose conversations are to be deleted. */
  @Schema(description = "Whose conversations are to be deleted.")
  record DeleteUserConversationsRequest(
      @Schema(required = true) @NotBlank String conversationUserId) {}

  /** Who shall answer. */
  @Schema(description = "Who shall answer; left out: as it is.")
  record UpdateConversationModeRequest(@Nullable ConversationMode mode) {}

  @GET
  @Operation(
      operationId = "listConversations",
      summary = "List the agent's conversations",
      description =
          "By page, or from a cursor on; each with its feedback. Newest first unless asked"
              + " otherwise.")
  public Page<ConversationResponse> list(@BeanParam ConversationListParameters parameters) {
    var agent = caller.agent();
    var query = parameters.query();
    return database.read(tx -> {
      var page = ConversationList.page(tx, agent, query);
      var ids = page.data().stream().map(Conversation::id).toList();
      var feedbacks = Feedbacks.byConversation(tx, ids);
      return page.map(c -> ConversationResponse.of(c, feedbacks.getOrDefault(c.id(), List.of())));
    });
  }

  @POST
  @ResponseStatus(201)
  @Operation(
      operationId = "createConversation",
      summary = "Open a conversation",
      description = "Opens a conversation of the calling agent with a user, over the API.")
  public ConversationResponse create(@NotNull @Valid CreateConversationRequest request) {
    var agent = caller.agent();
    var created =
        database.inTransaction(tx -> {
          var user = requireUser(tx, agent, request.conversationUserId());
          return Conversations.open(
              tx,
              agent,
              new NewConversation(
                  new ConversationId(Ids.next()),
                  user,
                  Channel.API,
                  request.title(),
                  request.context(),
                  request.customData(),
                  Conversations.requireState(tx, agent, request.conversationStateId()),
                  null,
                  Rows.now(clock)));
        });
    signals.changed(agent.agent(), created.id());
    return ConversationResponse.of(created, null);
  }

  @DELETE
  @ResponseStatus(204)
  @Operation(
      operationId = "deleteUserConversations",
      summary = "Delete a user's conversations",
      description = "All conversations of the user with the calling agent; at once, for good.")
  public void deleteOfUser(@NotNull @Valid DeleteUserConversationsRequest request) {
    var agent = caller.agent();
    database.useTransaction(tx -> {
      var user = requireUser(tx, agent, request.conversationUserId());
      ConversationRepository.deleteOfUser(tx, agent, user);
    });
    signals.changed(agent.agent());
  }

  private static UserId requireUser(Handle tx, KeyOwner.OfAgent agent, String id) {
    var user = Ids.parse(id).map(UserId::new).orElseThrow(ApiException::notFound);
    return Users.requireKept(tx, agent.organization(), user).id();
  }

  @GET
  @Path("/states")
  @Operation(
      operationId = "listConversationStates",
      summary = "List the organization's states",
      description = "Labels of the organization's own; complete is built in. Oldest first.")
  public List<StateResponse> states() {
    var agent = caller.agent();
    return database.read(tx -> StateRepository.states(tx, agent));
  }

  @GET
  @Path("/{id}")
  @Operation(
      operationId = "getConversation",
      summary = "Show a conversation",
      description = "With its user and its feedback.")
  public ConversationResponse get(@PathParam("id") ConversationId id) {
    var agent = caller.agent();
    return database.read(tx -> {
      var conversation = Conversations.require(tx, agent, id);
      var feedbacks = Feedbacks.byConversation(tx, List.of(id));
      return ConversationResponse.of(conversation, feedbacks.getOrDefault(id, List.of()));
    });
  }

  @PUT
  @Path("/{id}")
  @Operation(
      operationId = "updateConversation",
      summary = "Change a conversation",
      description =
          "What is left out stays as it is. The mode is taken here too, for clients of the first"
              + " generation.")
  public ConversationResponse update(
      @PathParam("id") ConversationId id, @NotNull @Valid UpdateConversationRequest request) {
    var agent = caller.agent();
    var changed =
        database.inTransaction(tx -> {
          Conversations.require(tx, agent, id);
          var state = Conversations.requireState(tx, agent, request.conversationStateId());
          Conversations.update(
              tx,
              agent,
              id,
              new ConversationChange(
                  request.title(), request.context(), null, state, null, request.status()),
              Rows.now(clock));
          return changeMode(tx, agent, id, request.mode());
        });
    return announced(agent, changed);
  }

  @PUT
  @Path("/{id}/mode")
  @Operation(
      operationId = "updateConversationMode",
      summary = "Take a conversation over, or hand it back",
      description =
          "Once manual is answered with 200, the agent says nothing more: a reply that it was"
              + " making is dropped. Handing back to ai does not answer old questions; the agent"
              + " resumes with the next message.")
  public ConversationResponse updateMode(
      @PathParam("id") ConversationId id, @NotNull @Valid UpdateConversationModeRequest request) {
    var agent = caller.agent();
    var changed =
        database.inTransaction(tx -> {
          Conversations.require(tx, agent, id);
          return changeMode(tx, agent, id, request.mode());
        });
    return announced(agent, changed);
  }

  /** A conversation after a request, and whether the request changed who answers. */
  private record Changed(Conversation conversation, boolean mode) {}

  private Changed changeMode(
      Handle tx, KeyOwner.OfAgent agent, ConversationId id, @Nullable ConversationMode mode) {
    if (mode == null) {
      return new Changed(Conversations.require(tx, agent, id), false);
    }
    var now = Rows.now(clock);
    var epoch = ConversationRepository.changeMode(tx, id, mode, now);
    epoch.ifPresent(raised ->
        Events.append(
            tx, id, EventType.MODE_CHANGED, new ConversationEvents.Mode(mode, raised), now));
    return new Changed(Conversations.require(tx, agent, id), epoch.isPresent());
  }

  private ConversationResponse announced(KeyOwner.OfAgent agent, Changed changed) {
    var conversation = changed.conversation();
    signals.changed(agent.agent(), conversation.id());
    if (changed.mode()) {
      var event = new ModeChanged(conversation.id(), conversation.mode());
      database.afterCommit(() -> modeChanged.fire(event));
    }
    return ConversationResponse.of(conversation, null);
  }

  @DELETE
  @Path("/{id}")
  @ResponseStatus(204)
  @Operation(
      operationId = "deleteConversation",
      summary = "Delete a conversation",
      description = "Beyond the published API: this one conversation; at once, and for good.")
  public void delete(@PathParam("id") ConversationId id) {
    var agent = caller.agent();
    if (!database.inTransaction(tx -> ConversationRepository.delete(tx, agent, id))) {
      throw ApiException.notFound();
    }
    signals.changed(agent.agent(), id);
  }
}

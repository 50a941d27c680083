package dev.colloquy.channel.captured;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.message.ConversationStarts;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Captured mails, texts and calls, for the person at this machine: to look at, and to answer as
 * whoever they were written to. No key is asked for; see {@link CapturedChannels} and {@link
 * ThisMachineFilter} for who may come here.
 */
@Path(CapturedChannels.PATH)
@RunOnVirtualThread
@ThisMachineOnly
@Produces(CapturedResource.HTML)
final class CapturedResource {
  static final String HTML = "text/html;charset=UTF-8";

  private final Database database;
  private final CapturedPages pages;
  private final Answers answers;
  private final ConversationStarts starts;
  private final FormToken token;

  CapturedResource(
      Database database,
      CapturedPages pages,
      Answers answers,
      ConversationStarts starts,
      FormToken token) {
    this.database = database;
    this.pages = pages;
    this.answers = answers;
    this.starts = starts;
    this.token = token;
  }

  @GET
  @Operation(hidden = true)
  public String index(@QueryParam("page") @Nullable String page, @HeaderParam("Host") String host) {
    return pages.index(page, host, StartForm.EXAMPLE, null);
  }

  /** The list's next version; 204 while it is the known one. */
  @GET
  @Path("/list")
  @Operation(hidden = true)
  public Response list(
      @QueryParam("page") @Nullable String page,
      @QueryParam("current") @Nullable String current,
      @QueryParam("known") @Nullable String known) {
    var id = Ids.parse(current).map(ConversationId::new).orElse(null);
    return unlessKnown(pages.list(page, id), known);
  }

  @GET
  @Path("/{id}")
  @Operation(hidden = true)
  public String conversation(
      @PathParam("id") ConversationId id,
      @QueryParam("before") @Nullable String before,
      @QueryParam("kept") @Nullable String kept) {
    return pages.conversation(id, before, kept, null, null);
  }

  /** The conversation's next version; 204 while it is the known one. */
  @GET
  @Path("/{id}/thread")
  @Operation(hidden = true)
  public Response thread(
      @PathParam("id") ConversationId id,
      @QueryParam("kept") @Nullable String kept,
      @QueryParam("known") @Nullable String known) {
    return unlessKnown(pages.thread(id, null, kept), known);
  }

  private static Response unlessKnown(CapturedPages.Live live, @Nullable String known) {
    return live.version().equals(known)
        ? Response.noContent().build()
        : Response.ok(live.html().getValue()).build();
  }

  @POST
  @Path("/{id}/answers")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response answer(
      @PathParam("id") ConversationId id,
      @FormParam("token") @Nullable String token,
      @FormParam("key") @Nullable String key,
      @FormParam("channel") @Nullable String channel,
      @FormParam("text") @Nullable String text)
      throws InterruptedException {
    this.token.require(token);
    var conversation =
        database.read(tx -> CapturedRows.find(tx, id)).orElseThrow(ApiException::notFound);
    var answered =
        StartForm.channel(channel)
            .flatMap(on -> database.read(tx -> CapturedRows.newest(tx, id, on)))
            .orElseThrow(() -> ApiException.badField("channel", "has nothing to answer here"));
    Optional<UUID> kept;
    try {
      kept = answers.answer(conversation, answered, key(key), text);
    } catch (ApiException e) {
      return refused(e, pages.conversation(id, null, null, e.reason(), text));
    }
    return seeOther(id, kept);
  }

  @POST
  @Path("/conversations")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response start(
      @HeaderParam("Host") String host,
      @FormParam("token") @Nullable String token,
      @FormParam("channel") @Nullable String channel,
      @FormParam("firstName") @Nullable String firstName,
      @FormParam("lastName") @Nullable String lastName,
      @FormParam("email") @Nullable String email,
      @FormParam("phoneNumber") @Nullable String phoneNumber,
      @FormParam("subject") @Nullable String subject,
      @FormParam("text") @Nullable String text) {
    this.token.require(token);
    var form = StartForm.of(channel, firstName, lastName, email, phoneNumber, subject, text);
    try {
      var agent = database.read(CapturedRows::demoAgent).orElseThrow(ApiException::notFound);
      return seeOther(starts.start(agent, form.first()), Optional.empty());
    } catch (ApiException e) {
      return refused(e, pages.index(null, host, form, e.reason()));
    }
  }

  /** What is wrong is told on the page itself, with what was written. */
  private static Response refused(ApiException e, String page) {
    return Response.status(e.code().status()).entity(page).build();
  }

  /** A page that can be loaded again without asking again (RFC 9110, section 15.4.4). */
  private static Response seeOther(ConversationId id, Optional<UUID> kept) {
    return Response.seeOther(
            URI.create(
                CapturedChannels.PATH
                    + "/"
                    + id
                    + kept.map(inbound -> "?kept=" + inbound).orElse("")))
        .build();
  }

  private static UUID key(@Nullable String text) {
    return Ids.parse(text).orElseThrow(() -> ApiException.badField("key", "is not this page's"));
  }
}

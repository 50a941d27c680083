package dev.colloquy.channel.email;

import dev.colloquy.consent.ConsentAction;
import dev.colloquy.consent.ConsentEntry;
import dev.colloquy.consent.Consents;
import dev.colloquy.conversation.Channel;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jdbi.v3.core.Handle;

/**
 * Where recipients of mails say that they want no more of them: a page with a button for people,
 * and one click for mail programs (RFC 8058). Whoever has the token may; no key is asked for.
 */
@Path("/unsubscribe/{token}")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
final class UnsubscribeResource {
  private static final String ONLY_WHAT_IS_HERE =
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

  private final Unsubscribe unsubscribe;
  private final Database database;
  private final Template page;
  private final Clock clock;

  UnsubscribeResource(
      Unsubscribe unsubscribe,
      Database database,
      @Location("unsubscribe.html") Template page,
      Clock clock) {
    this.unsubscribe = unsubscribe;
    this.database = database;
    this.page = page;
    this.clock = clock;
  }

  /** Changes nothing: mail programs and scanners follow links by themselves. */
  @GET
  @Operation(hidden = true)
  public Response show(@PathParam("token") String token) {
    var asked = require(token);
    return database.read(tx -> page(tx, asked, isOut(tx, asked)));
  }

  /**
   * Opts the address out; once more changes nothing. What the body says does not matter, so that it
   * works for every mail program, and for the button.
   */
  @POST
  @Consumes(MediaType.WILDCARD)
  @Operation(hidden = true)
  public Response unsubscribe(@PathParam("token") String token) {
    var asked = require(token);
    return database.inTransaction(tx -> {
      if (!isOut(tx, asked)) {
        add(tx, asked);
      }
      return page(tx, asked, true);
    });
  }

  private Unsubscribe.Subscription require(String token) {
    return unsubscribe
        .read(token)
        .filter(of -> database.read(tx -> exists(tx, of)))
        .orElseThrow(ApiException::notFound);
  }

  private static boolean exists(Handle tx, Unsubscribe.Subscription asked) {
    return tx.createQuery("select exists (select from organization where id = :id)")
        .bind("id", asked.organization().value())
        .mapTo(Boolean.class)
        .one();
  }

  private static boolean isOut(Handle tx, Unsubscribe.Subscription asked) {
    return Consents.block(tx, asked.organization(), Channel.EMAIL, asked.address())
        .filter(action -> action == ConsentAction.OPT_OUT)
        .isPresent();
  }

  private void add(Handle tx, Unsubscribe.Subscription asked) {
    var agent = name(tx, asked.agent()).map(_ -> asked.agent()).orElse(null);
    Consents.add(
        tx,
        new ConsentEntry(
            asked.organization(),
            agent,
            Channel.EMAIL,
            asked.address(),
            ConsentAction.OPT_OUT,
            "List-Unsubscribe",
            null,
            Rows.now(clock)));
  }

  /** The name that people know the agent by; nothing where it is deleted. */
  private static Optional<String> name(Handle tx, AgentId agent) {
    return tx.createQuery("select public_name from agent where id = :id")
        .bind("id", agent.value())
        .mapTo(String.class)
        .findOne();
  }

  private Response page(Handle tx, Unsubscribe.Subscription asked, boolean isDone) {
    var html =
        page.data("address", asked.address())
            .data("name", name(tx, asked.agent()).orElse("us"))
            .data("isDone", isDone)
            .render();
    return Response.ok(html, MediaType.TEXT_HTML + ";charset=UTF-8")
        .header("Content-Security-Policy", ONLY_WHAT_IS_HERE)
        .header("Referrer-Policy", "no-referrer")
        .header("Cache-Control", "no-store")
        .header("X-Robots-Tag", "noindex")
        .build();
  }
}

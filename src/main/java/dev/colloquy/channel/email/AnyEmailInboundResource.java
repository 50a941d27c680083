package dev.colloquy.channel.email;

import dev.colloquy.apikey.RequiresKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Takes mails for all agents of the installation; their recipients say for which. */
@Path(AnyEmailInboundResource.PATH)
@RunOnVirtualThread
@RequiresKey.OfSuperAdmin
final class AnyEmailInboundResource {
  static final String PATH = "/admin/channels/email/inbound";

  private final InboundMails mails;

  AnyEmailInboundResource(InboundMails mails) {
    this.mails = mails;
  }

  /** 202 once it is kept, 200 for a repeat, which is known by its Message-ID. */
  @POST
  @Consumes({"message/rfc822", "application/octet-stream"})
  @Operation(operationId = "receiveAnyEmail", hidden = true)
  public Response receive(byte[] mail) {
    return ReceivedMail.answer(mail, raw -> mails.keep(raw, null));
  }
}

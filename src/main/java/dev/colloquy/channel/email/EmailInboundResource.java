package dev.colloquy.channel.email;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Takes mails for one agent, as they are, from a mail server or a gateway. */
@Path(EmailInboundResource.PATH)
@RunOnVirtualThread
@RequiresKey.OfAgent
final class EmailInboundResource {
  static final String PATH = "/channels/email/inbound";

  private final InboundMails mails;
  private final Caller caller;

  EmailInboundResource(InboundMails mails, Caller caller) {
    this.mails = mails;
    this.caller = caller;
  }

  /** 202 once it is kept, 200 for a repeat, which is known by its Message-ID. */
  @POST
  @Consumes({"message/rfc822", "application/octet-stream"})
  @Operation(operationId = "receiveEmail", hidden = true)
  public Response receive(byte[] mail) {
    return ReceivedMail.answer(mail, raw -> mails.keep(raw, caller.agent()));
  }
}

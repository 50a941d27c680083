package dev.colloquy.channel.sms;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.channel.Form;
import dev.colloquy.channel.Inbound;
import dev.colloquy.channel.TwilioSignature;
import dev.colloquy.platform.http.ApiException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What Twilio posts: messages that came in, and what became of those that went out (Twilio's
 * documentation, "Request to your webhook URL" and "Outbound message status in status callbacks").
 * Each is kept before it is answered and looked at after; a repeat is known by the message's SID.
 */
@Path("/channels/sms/twilio/{agentId}")
@RunOnVirtualThread
final class TwilioSmsResource {
  static final String MESSAGES = "twilio-sms";
  static final String STATUSES = "twilio-status";

  // In TwiML: there is nothing to say here, answers are sent as messages of their own.
  private static final String NOTHING = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
  private static final String SIGNATURE = "X-Twilio-Signature";
  private static final Pattern SID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern STATUS = Pattern.compile("[a-z_-]{1,32}");

  private final TwilioWebhook webhook;
  private final Inbound inbound;
  private final Keywords keywords;

  TwilioSmsResource(TwilioWebhook webhook, Inbound inbound, Keywords keywords) {
    this.webhook = webhook;
    this.inbound = inbound;
    this.keywords = keywords;
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_XML)
  @Operation(operationId = "receiveTwilioSms", hidden = true)
  public String receive(
      @PathParam("agentId") String agent,
      @HeaderParam(SIGNATURE) @Nullable String signature,
      @Context HttpServerRequest request,
      byte[] body) {
    var signed = webhook.require(agent, signature, TwilioSignature.pathOf(request), body);
    var message = InboundSms.of(signed.form());
    requireMatch("MessageSid", message.sid(), SID);
    if (message.from().isEmpty() || message.from().length() > 100) {
      throw ApiException.badField("From", "must say who writes");
    }
    // What stops or allows messages waits for no question before it.
    var line = keywords.find(message).isPresent() ? "sms-word:" : "sms:";
    inbound.keep(
        MESSAGES,
        signed.agent(),
        message.sid(),
        line + signed.agent().agent() + ":" + message.from(),
        MediaType.APPLICATION_FORM_URLENCODED,
        null,
        body);
    return NOTHING;
  }

  @POST
  @Path("/status")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_XML)
  @Operation(operationId = "receiveTwilioSmsStatus", hidden = true)
  public String receiveStatus(
      @PathParam("agentId") String agent,
      @HeaderParam(SIGNATURE) @Nullable String signature,
      @Context HttpServerRequest request,
      byte[] body) {
    var signed = webhook.require(agent, signature, TwilioSignature.pathOf(request), body);
    var form = signed.form();
    var sid = requireMatch("MessageSid", form.text("MessageSid"), SID);
    var status = requireMatch("MessageStatus", form.text("MessageStatus"), STATUS);
    inbound.keep(
        STATUSES,
        signed.agent(),
        sid + ":" + status,
        "sms-status:" + signed.agent().agent() + ":" + sid,
        MediaType.APPLICATION_FORM_URLENCODED,
        query(request),
        body);
    return NOTHING;
  }

  /** What the address said that the status was asked to. */
  private static ObjectNode query(HttpServerRequest request) {
    var query = Form.parse(request.query());
    return JsonNodeFactory.instance
        .objectNode()
        .put("delivery", query.text("delivery"))
        .put("attempt", query.text("attempt"));
  }

  private static String requireMatch(String field, String value, Pattern pattern) {
    if (!pattern.matcher(value).matches()) {
      throw ApiException.badField(field, "must be as Twilio documents it");
    }
    return value;
  }
}

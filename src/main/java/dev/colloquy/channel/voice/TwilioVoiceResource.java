package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.colloquy.channel.Form;
import dev.colloquy.channel.Inbound;
import dev.colloquy.channel.TwilioSignature;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.platform.json.Text;
import dev.colloquy.skill.VoiceSkill;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What Twilio asks and tells of calls (Twilio's documentation, "Twilio's request to your
 * application", "Call resource: status callbacks" and "TwiML Voice: Connect"). All of it is signed
 * by the agent's account; what belongs to a call comes to an address with that call's token.
 * Whatever is wrong with either is 403.
 */
@Path(RelayMarkup.PATH)
@RunOnVirtualThread
@Produces(MediaType.TEXT_XML)
final class TwilioVoiceResource {
  static final String SIGNATURE = "X-Twilio-Signature";
  private static final int MAX_BODY = 64 * 1024;

  private final Database database;
  private final CallTokens tokens;
  private final IncomingCalls incoming;
  private final RelayMarkup markup;
  private final PublicUrl publicUrl;
  private final Inbound inbound;

  TwilioVoiceResource(
      Database database,
      CallTokens tokens,
      IncomingCalls incoming,
      RelayMarkup markup,
      PublicUrl publicUrl,
      Inbound inbound) {
    this.database = database;
    this.tokens = tokens;
    this.incoming = incoming;
    this.markup = markup;
    this.publicUrl = publicUrl;
    this.inbound = inbound;
  }

  /** A call comes in. */
  @POST
  @Path("/{agentId}")
  @Operation(hidden = true)
  public String take(
      @PathParam("agentId") String agentId,
      @HeaderParam(SIGNATURE) @Nullable String signature,
      @Context HttpServerRequest request,
      byte @Nullable [] body) {
    var callee = incoming.callee(agentId).orElseThrow(TwilioVoiceResource::forbidden);
    var form = signed(callee.skill(), signature, request, body);
    var sid = form.text("CallSid");
    if (!RelayMarkup.SID.matcher(sid).matches()) {
      throw ApiException.badField("CallSid", "must be as Twilio documents it");
    }
    if (callee.isInactive()) {
      return RelayMarkup.REJECT;
    }
    var taken =
        incoming.take(
            callee,
            Call.TWILIO,
            sid,
            Text.cut(form.text("From"), 64),
            Text.orNull(Text.cut(form.text("To"), 64)));
    return markup.connect(taken.call(), callee.skill(), taken.greeting());
  }

  /** A call that was made is answered: what is to happen in it. */
  @POST
  @Path("/calls/{token}/twiml")
  @Operation(hidden = true)
  public String answer(
      @PathParam("token") String token,
      @HeaderParam(SIGNATURE) @Nullable String signature,
      @Context HttpServerRequest request,
      byte @Nullable [] body) {
    var call = require(token);
    var callee = callee(call);
    var _ = signed(callee.skill(), signature, request, body);
    var opening = call.opening();
    var greeting =
        opening == null
            ? null
            : database
                .read(tx -> Messages.find(tx, call.conversation(), opening).map(Message::text))
                .orElse(null);
    return markup.connect(call, callee.skill(), greeting);
  }

  /** How far the call has come. */
  @POST
  @Path("/calls/{token}/status")
  @Operation(hidden = true)
  public String status(
      @PathParam("token") String token,
      @HeaderParam(SIGNATURE) @Nullable String signature,
      @Context HttpServerRequest request,
      byte @Nullable [] body) {
    return keep(token, "status", signature, request, body);
  }

  /** The conversation in the call is over. */
  @POST
  @Path("/calls/{token}/action")
  @Operation(hidden = true)
  public String action(
      @PathParam("token") String token,
      @HeaderParam(SIGNATURE) @Nullable String signature,
      @Context HttpServerRequest request,
      byte @Nullable [] body) {
    return keep(token, "action", signature, request, body);
  }

  private String keep(
      String token,
      String kind,
      @Nullable String signature,
      HttpServerRequest request,
      byte @Nullable [] body) {
    var call = require(token);
    var form = signed(callee(call).skill(), signature, request, body);
    var status = Text.cut(form.text("CallStatus"), 64);
    var _ =
        inbound.keep(
            TwilioCallEvents.SOURCE,
            call.agent(),
            call.id() + ":" + kind + ":" + status,
            "twilio-voice:" + call.id(),
            MediaType.APPLICATION_FORM_URLENCODED,
            JsonNodeFactory.instance
                .objectNode()
                .put("callId", call.id().toString())
                .put("kind", kind),
            body == null ? new byte[0] : body);
    return RelayMarkup.NOTHING;
  }

  private Call require(String token) {
    return tokens
        .read(token)
        .flatMap(id -> database.read(tx -> Calls.find(tx, id)))
        .filter(call -> call.provider().equals(Call.TWILIO))
        .orElseThrow(TwilioVoiceResource::forbidden);
  }

  private IncomingCalls.Callee callee(Call call) {
    return incoming
        .callee(call.agent().agent().toString())
        .orElseThrow(TwilioVoiceResource::forbidden);
  }

  private Form signed(
      VoiceSkill skill,
      @Nullable String signature,
      HttpServerRequest request,
      byte @Nullable [] body) {
    var bytes = body == null ? new byte[0] : body;
    if (bytes.length > MAX_BODY) {
      throw ApiException.tooLarge(MAX_BODY);
    }
    var form = Form.parse(bytes);
    var account = skill.twilio();
    var token = account == null ? null : account.authToken();
    var url = publicUrl.of(TwilioSignature.pathOf(request));
    if (token == null
        || signature == null
        || !TwilioSignature.isValid(token, url, form, signature)) {
      throw forbidden();
    }
    return form;
  }

  private static ApiException forbidden() {
    return new ApiException(ErrorCode.FORBIDDEN, List.of(), null);
  }
}

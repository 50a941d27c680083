package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.colloquy.channel.Inbound;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.json.Text;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What Vapi asks and tells. What belongs to a call comes to an address with that call's token; what
 * begins one has the agent's secret. Whatever is wrong with either is 403, also where there is no
 * such agent or call.
 */
@Path(VapiAssistants.PATH)
@RunOnVirtualThread
@Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
final class VapiResource {
  private final Database database;
  private final CallTokens tokens;
  private final Dialogue dialogue;
  private final IncomingCalls incoming;
  private final VapiAssistants assistants;
  private final Inbound inbound;
  private final VapiStreams streams;

  VapiResource(
      Database database,
      CallTokens tokens,
      Dialogue dialogue,
      IncomingCalls incoming,
      VapiAssistants assistants,
      Inbound inbound,
      VapiStreams streams) {
    this.database = database;
    this.tokens = tokens;
    this.dialogue = dialogue;
    this.incoming = incoming;
    this.assistants = assistants;
    this.inbound = inbound;
    this.streams = streams;
  }

  private Call require(String token) {
    return tokens
        .read(token)
        .flatMap(id -> database.read(tx -> Calls.find(tx, id)))
        .filter(call -> call.provider().equals(Call.VAPI))
        .orElseThrow(VapiResource::forbidden);
  }

  private static ApiException forbidden() {
    return new ApiException(ErrorCode.FORBIDDEN, List.of(), null);
  }

  /** The model that speaks in the call: what the caller said last is asked, the reply is spoken. */
  @POST
  @Path("/{token}/chat/completions")
  @Operation(hidden = true)
  public Response complete(@PathParam("token") String token, byte @Nullable [] body)
      throws InterruptedException {
    var call = require(token);
    var request = ChatCompletions.read(body);
    if (request.isStreamed()) {
      return Response.ok(streams.of(call, request.said()), MediaType.SERVER_SENT_EVENTS).build();
    }
    var text = new StringBuilder();
    var said = request.said();
    if (said != null) {
      var _ = dialogue.speaker(call).speak(said.utterance(), said.text(), text::append);
    }
    return Response.ok(streams.answer(call).whole(text.toString()), MediaType.APPLICATION_JSON)
        .build();
  }

  /** What happens in the call. What is no use here is taken and forgotten. */
  @POST
  @Path("/{token}/events")
  @Operation(hidden = true)
  public Response event(@PathParam("token") String token, byte @Nullable [] body) {
    var call = require(token);
    var message = message(body);
    var type = message.path("type").asText();
    switch (type) {
      case "status-update" -> keep(call, type + ":" + message.path("status").asText(), body);
      case "end-of-call-report" -> keep(call, type, body);
      default -> {}
    }
    return ok("{}");
  }

  private void keep(Call call, String what, byte @Nullable [] body) {
    var key = call.id() + ":" + (what.length() > 100 ? what.substring(0, 100) : what);
    var _ =
        inbound.keep(
            VapiEvents.SOURCE,
            call.agent(),
            Text.storable(key),
            "vapi:" + call.id(),
            MediaType.APPLICATION_JSON,
            JsonNodeFactory.instance.objectNode().put("callId", call.id().toString()),
            body == null ? new byte[0] : body);
  }

  private static JsonNode message(byte @Nullable [] body) {
    var message =
        Json.object(body)
            .orElseThrow(() -> ApiException.badField("body", "must be JSON"))
            .path("message");
    if (!message.isObject()) {
      throw ApiException.badField("message", "must be an object");
    }
    return message;
  }

  /** Who speaks in a call that comes in. */
  @POST
  @Path("/{agentId}/inbound")
  @Operation(hidden = true)
  public Response inbound(
      @PathParam("agentId") String agentId,
      @HeaderParam(VapiAssistants.SECRET_HEADER) @Nullable String secret,
      byte @Nullable [] body) {
    var callee = require(agentId, secret);
    var message = message(body);
    if (!message.path("type").asText().equals("assistant-request")) {
      return ok("{}");
    }
    var externalId = Json.text(message.at("/call/id"), 255);
    if (externalId == null || !Json.isPlain(externalId)) {
      throw ApiException.badField("message.call.id", "is required");
    }
    if (callee.isInactive()) {
      return ok(
          JsonNodeFactory.instance
              .objectNode()
              .put("error", "Nobody can take your call at present.")
              .toString());
    }
    var taken =
        incoming.take(
            callee,
            Call.VAPI,
            externalId,
            number(message, "customer"),
            number(message, "phoneNumber"));
    var answer = JsonNodeFactory.instance.objectNode();
    assistants.put(answer, taken.call(), callee.skill(), taken.greeting());
    return ok(answer.toString());
  }

  private static @Nullable String number(JsonNode message, String of) {
    var number = Json.text(message.path(of).path("number"), 64);
    return number == null ? Json.text(message.path("call").path(of).path("number"), 64) : number;
  }

  private IncomingCalls.Callee require(String agentId, @Nullable String secret) {
    var callee = incoming.callee(agentId);
    var own =
        callee
            .map(c -> c.skill().vapi())
            .flatMap(account -> Optional.ofNullable(account.serverSecret()))
            .orElse("");
    var given = secret == null ? "" : secret;
    var isRight =
        MessageDigest.isEqual(
            own.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    return callee.filter(_ -> isRight && !own.isEmpty()).orElseThrow(VapiResource::forbidden);
  }

  private static Response ok(String json) {
    return Response.ok(json, MediaType.APPLICATION_JSON).build();
  }
}

package dev.colloquy.message;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.platform.http.Idempotent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Conversations that the agent begins, by e-mail, SMS or a call. */
@Path("/external/conversations/start")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfAgent
@Tag(name = "Conversations")
final class StartResource {
  private final Caller caller;
  private final ConversationStarts starts;

  StartResource(Caller caller, ConversationStarts starts) {
    this.caller = caller;
    this.starts = starts;
  }

  /** The conversation that was begun or continued. */
  @Schema(name = "StartResult")
  record StartResponse(@Schema(required = true) String conversationId) {}

  @POST
  @ResponseStatus(201)
  @Operation(
      operationId = "startConversation",
      summary = "Begin a conversation by e-mail, SMS or a call",
      description =
          "Finds the user by fkId, then e-mail, then phone number, or makes it; continues its open"
              + " conversation with the agent on that channel, or opens one; stores the"
              + " introduction as the agent's message and sends it. All of it happens, or nothing."
              + " Where a person has taken the open conversation over, the agent stays silent:"
              + " 409, unless resetConversation asks for another one.")
  public StartResponse start(@NotNull @Valid StartRequest request) {
    return new StartResponse(starts.start(caller.agent(), request).toString());
  }
}

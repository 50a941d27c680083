package dev.colloquy.turn;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.idempotency.Idempotency;
import dev.colloquy.message.Message;
import dev.colloquy.message.MessageFileRequest;
import dev.colloquy.message.MessageResponse;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.ErrorResponse;
import dev.colloquy.platform.http.EventBody;
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
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Questions and what becomes of them. */
@Path("/external/conversations/{id}/messages")
@RunOnVirtualThread
@RequiresKey.OfAgent
@Tag(name = "Messages")
final class TurnResource {
  private static final String SOURCE = "api";

  private final TurnService turns;
  private final Outcomes outcomes;
  private final Cancellation cancellation;
  private final ReplyStreams replies;
  private final Idempotency idempotency;
  private final Caller caller;

  TurnResource(
      TurnService turns,
      Outcomes outcomes,
      Cancellation cancellation,
      ReplyStreams replies,
      Idempotency idempotency,
      Caller caller) {
    this.turns = turns;
    this.outcomes = outcomes;
    this.cancellation = cancellation;
    this.replies = replies;
    this.idempotency = idempotency;
    this.caller = caller;
  }

  /** How a question stands. */
  enum Status {
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("completed")
    COMPLETED,
    @JsonProperty("failed")
    FAILED
  }

  /** How a question stands, with its answer. */
  @Schema(name = "ResponseOn", description = "How a question stands.")
  record ResponseOn(
      @Schema(required = true) Status status,
      @Schema(
              description = "The answer; null while there is none.",
              nullable = true,
              required = true)
          @JsonInclude
          @Nullable MessageResponse message,
      @Schema(
              description = "Why there will be no answer; null unless failed.",
              nullable = true,
              required = true)
          @JsonInclude
          @Nullable String error) {}

  @POST
  @Produces(MediaType.APPLICATION_JSON)
  @ResponseStatus(201)
  @Operation(
      operationId = "sendMessage",
      summary = "Send a user's message and wait for the answer",
      description =
          "Answers with the agent's reply. In manual mode, or when a person takes over meanwhile,"
              + " it answers with the stored message itself: a person will reply. 502 and 503 mean"
              + " that the message is stored and the model gave no reply; 504 that the reply is"
              + " still being made and will be there later; 429 that nothing is stored. 409: the"
              + " conversation is busy and whenBusy is reject, and nothing is stored; or the turn"
              + " was cancelled. With Accept: text/event-stream the reply comes as it is made:"
              + " message.created with the message, reply.delta with each piece, message.created"
              + " with the reply, or turn.failed.")
  public MessageResponse send(
      @PathParam("id") ConversationId id, @NotNull @Valid SendMessageRequest request)
      throws InterruptedException {
    try (var asked = ask(id, request)) {
      return answer(asked.question(), turns.await(asked));
    }
  }

  /** The same as a stream of events, for those who accept nothing else. */
  @POST
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(operationId = "streamMessage", hidden = true)
  public EventBody stream(
      @PathParam("id") ConversationId id, @NotNull @Valid SendMessageRequest request)
      throws InterruptedException {
    var place = replies.take();
    var isAsked = false;
    try {
      var body = replies.of(place, ask(id, request));
      isAsked = true;
      return body;
    } finally {
      if (!isAsked) {
        place.close();
      }
    }
  }

  private static MessageResponse answer(Message question, Optional<TurnOutcome> outcome) {
    if (outcome.isEmpty()) {
      throw failure(ErrorCode.REPLY_TIMED_OUT, question.id(), "The reply is still being made.");
    }
    return switch (outcome.get()) {
      case TurnOutcome.Replied(var reply) -> MessageResponse.of(reply);
      case TurnOutcome.HeldForPerson(var held) -> MessageResponse.of(held);
      case TurnOutcome.Failed(var reason, var text) ->
          throw failure(reason.code(), question.id(), text);
      case TurnOutcome.LeftOpen() ->
          throw failure(
              ErrorCode.UNAVAILABLE, question.id(), "The server stops; the reply will be there.");
      case TurnOutcome.Deleted() -> throw ApiException.notFound();
    };
  }

  private static ApiException failure(ErrorCode code, MessageId question, String text) {
    return new ApiException(
        code,
        List.of(
            new ErrorResponse.Detail("reply", text),
            new ErrorResponse.Detail("conversationMessageId", question.toString())),
        null);
  }

  @POST
  @Path("/async")
  @ResponseStatus(201)
  @Operation(
      operationId = "sendMessageAsync",
      summary = "Send a user's message without waiting",
      description = "Answers with the stored message; response-on tells what becomes of it.")
  public MessageResponse sendAsync(
      @PathParam("id") ConversationId id, @NotNull @Valid SendMessageRequest request)
      throws InterruptedException {
    try (var asked = ask(id, request)) {
      return MessageResponse.of(asked.question());
    }
  }

  private Asked ask(ConversationId id, SendMessageRequest request) throws InterruptedException {
    MessageFileRequest.requireNone(request.files());
    var wishes =
        new TurnRepository.Wishes(
            request.whenBusy(), request.burstWindowMs(), idempotency.current().orElse(null), true);
    var asked =
        turns.ask(
            new TurnRepository.Question(
                caller.agent(),
                id,
                new MessageId(Ids.next()),
                SOURCE,
                request.message(),
                request.context(),
                wishes));
    if (asked.isReplay()) {
      idempotency.markReplayed();
    }
    return asked;
  }

  @GET
  @Path("/{questionMessageId}/response-on")
  @Operation(
      operationId = "getResponseOn",
      summary = "Ask what became of a user's message",
      description =
          "pending until there is an answer, the agent's or a person's; failed where there will be"
              + " none. Where several messages were answered in one reply, each of them has it.")
  public ResponseOn responseOn(
      @PathParam("id") ConversationId id,
      @PathParam("questionMessageId") MessageId questionMessageId,
      @Parameter(
              description =
                  "Beyond the published API: how many seconds to wait for an answer if there is"
                      + " none yet.",
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = "0",
                      maximum = "30",
                      defaultValue = "0"))
          @QueryParam("wait")
          @Nullable String wait)
      throws InterruptedException {
    var seconds = QueryText.number("wait", wait, 0, 30, 0);
    var outcome = outcomes.find(caller.agent(), id, questionMessageId);
    if (seconds > 0 && isOpen(outcome)) {
      outcome = turns.await(id, questionMessageId, Duration.ofSeconds(seconds));
    }
    if (isOpen(outcome)) {
      return new ResponseOn(Status.PENDING, null, null);
    }
    return switch (outcome.get()) {
      case TurnOutcome.Replied(var reply) ->
          new ResponseOn(Status.COMPLETED, MessageResponse.of(reply), null);
      case TurnOutcome.Failed(var _, var text) -> new ResponseOn(Status.FAILED, null, text);
      case TurnOutcome.Deleted() -> throw ApiException.notFound();
      case TurnOutcome.HeldForPerson(var _), TurnOutcome.LeftOpen() ->
          new ResponseOn(Status.PENDING, null, null);
    };
  }

  private static boolean isOpen(Optional<TurnOutcome> outcome) {
    return outcome.isEmpty() || outcome.get() instanceof TurnOutcome.HeldForPerson;
  }

  @DELETE
  @Path("/{questionMessageId}/turn")
  @Idempotent
  @ResponseStatus(204)
  @Operation(
      operationId = "cancelTurn",
      summary = "Cancel the reply to a user's message",
      description =
          "Beyond the published API: ends the making of a reply that waits or is under way; the"
              + " message stays, and response-on says failed. Where several messages were to be"
              + " answered in one reply, none of them is. 409 where the reply is there already,"
              + " has failed, or is a person's to give.")
  public void cancel(
      @PathParam("id") ConversationId id,
      @PathParam("questionMessageId") MessageId questionMessageId) {
    cancellation.cancel(caller.agent(), id, questionMessageId);
  }
}

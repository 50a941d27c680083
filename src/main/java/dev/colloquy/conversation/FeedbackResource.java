package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.json.Text;
import dev.colloquy.user.UserId;
import dev.colloquy.user.Users;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What users thought of messages. */
@Path("/external/conversation-message-feedbacks")
@RunOnVirtualThread
@RequiresKey.OfAgent
@Tag(name = "Feedback")
final class FeedbackResource {
  private final Database database;
  private final Caller caller;
  private final Clock clock;

  FeedbackResource(Database database, Caller caller, Clock clock) {
    this.database = database;
    this.caller = caller;
    this.clock = clock;
  }

  /** Feedback on a message by a user. */
  @Schema(name = "FeedbackRequest")
  record Request(
      @Schema(description = "The message it is about.", required = true) @NotBlank
          String conversationMessageId,
      @Schema(description = "The user who gives it.", required = true) @NotBlank String userId,
      @Schema(required = true) @NotNull VoteType voteType,
      @Schema(
              description = "The question, as the user saw it.",
              examples = "When do you open?",
              required = true)
          @NotBlank
          @Size(max = 256_000)
          String question,
      @Schema(description = "The answer, as the user saw it.") @Size(max = 256_000)
          @Nullable String answer,
      @Schema(description = "What the user said about it.", examples = "Too long.")
          @Size(max = 10_000)
          @Nullable String comment) {
    Request {
      answer = Text.orNull(answer);
      comment = Text.orNull(comment);
    }
  }

  /** Feedback as its giver gets it back. */
  @Schema(name = "FeedbackResult")
  record Response(
      @Schema(required = true) String id,
      @Schema(required = true) String conversationMessageId,
      @Schema(required = true) VoteType voteType,
      @Schema(nullable = true, required = true) @JsonInclude @Nullable String question,
      @Schema(nullable = true, required = true) @JsonInclude @Nullable String answer,
      @Schema(required = true) Instant createdAt,
      @Schema(required = true) Instant updatedAt,
      @Schema(nullable = true, required = true) @JsonInclude @Nullable String comment) {
    static Response of(Feedback f) {
      return new Response(
          f.id().toString(),
          f.message().toString(),
          f.voteType(),
          f.question(),
          f.answer(),
          f.createdAt(),
          f.updatedAt(),
          f.comment());
    }
  }

  @POST
  @ResponseStatus(201)
  @Operation(
      operationId = "giveFeedback",
      summary = "Say what a user thought of a message",
      description = "A second one of the same user on the same message replaces the first.")
  public Response give(@NotNull @Valid Request request) {
    var agent = caller.agent();
    return Response.of(database.inTransaction(tx -> store(tx, agent, request)));
  }

  private Feedback store(Handle tx, KeyOwner.OfAgent agent, Request request) {
    var message = Ids.parse(request.conversationMessageId()).orElseThrow(ApiException::notFound);
    var user = Ids.parse(request.userId()).map(UserId::new).orElseThrow(ApiException::notFound);
    // The user before the conversation, in the order in which a deletion of the user locks them.
    Users.requireKept(tx, agent.organization(), user);
    var conversation =
        FeedbackRepository.findConversation(tx, agent, message).orElseThrow(ApiException::notFound);
    var now = Rows.now(clock);
    return FeedbackRepository.upsert(
        tx,
        new Feedback(
            Ids.next(),
            conversation,
            new MessageId(message),
            user,
            null,
            request.voteType(),
            request.question(),
            request.answer(),
            request.comment(),
            now,
            now));
  }
}

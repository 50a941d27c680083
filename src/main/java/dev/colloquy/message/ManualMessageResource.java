package dev.colloquy.message;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.Conversation;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outbound;
import dev.colloquy.delivery.Outbox;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.Idempotent;
import dev.colloquy.platform.json.Text;
import dev.colloquy.skill.Skills;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What a person says who took a conversation over. */
@Path("/external/conversations/{id}/send-manual-message")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfAgent
@Tag(name = "Messages")
final class ManualMessageResource {
  private final Database database;
  private final Caller caller;
  private final Clock clock;
  private final EventSignals signals;
  private final Outbox outbox;
  private final Skills skills;

  ManualMessageResource(
      Database database,
      Caller caller,
      Clock clock,
      EventSignals signals,
      Outbox outbox,
      Skills skills) {
    this.outbox = outbox;
    this.skills = skills;
    this.database = database;
    this.caller = caller;
    this.clock = clock;
    this.signals = signals;
  }

  /** A person's message. */
  @Schema(name = "ManualMessageRequest", description = "A person's message to the user.")
  record Request(
      @Schema(examples = "This is Ada, a person. I will look into it.", required = true)
          @NotBlank
          @Size(max = Message.MAX_LENGTH)
          String message,
      @Schema(
              description =
                  "The question that it answers, or another answer to it; left out: the newest one.")
          @Nullable String conversationMessageId,
      @Schema(description = "The platform user who writes.") @Nullable String authorId,
      @Schema(
              description =
                  "Beyond the published API: what carries it, where that is not what the user wrote"
                      + " on last: email or sms, where the user has such a contact.")
          @Nullable Channel channel,
      @Schema(description = "Files uploaded before.") @Size(max = 20)
          @Nullable List<@Valid @NotNull MessageFileRequest> files) {
    Request {
      conversationMessageId = Text.orNull(conversationMessageId);
      authorId = Text.orNull(authorId);
    }
  }

  @POST
  @Operation(
      operationId = "sendManualMessage",
      summary = "Write to the user as a person",
      description =
          "Needs a conversation in manual mode that is not voice. The message is stored and goes"
              + " out over the conversation's channel.")
  public MessageResponse send(@PathParam("id") ConversationId id, @NotNull @Valid Request request) {
    MessageFileRequest.requireNone(request.files());
    var agent = caller.agent();
    var stored = database.inTransaction(tx -> store(tx, agent, id, request));
    signals.changed(agent.agent(), id);
    return MessageResponse.of(stored);
  }

  private Message store(Handle tx, KeyOwner.OfAgent agent, ConversationId id, Request request) {
    var conversation = Conversations.requireLocked(tx, agent, id);
    if (conversation.mode() != ConversationMode.MANUAL) {
      throw ApiException.badField("mode", "must be manual: take the conversation over first");
    }
    var channel = channel(conversation, request);
    if (channel == Channel.VOICE) {
      throw ApiException.badField("channel", "a call cannot take a written message");
    }
    var question = question(tx, id, request.conversationMessageId());
    var author = Conversations.requirePlatformUser(tx, agent, request.authorId());
    var message =
        Messages.append(
            tx,
            new Message(
                id,
                0,
                new MessageId(Ids.next()),
                question.orElse(null),
                SenderRole.MANUAL_ASSISTANT,
                Wire.name(channel),
                request.message(),
                null,
                null,
                List.of(),
                false,
                Rows.now(clock)),
            author);
    question.ifPresent(answered -> Messages.tellModels(tx, id, answered));
    deliver(tx, agent, conversation, channel, message);
    return message;
  }

  private static Channel channel(Conversation conversation, Request request) {
    var asked = request.channel();
    if (asked == null || asked == conversation.channel()) {
      return conversation.channel();
    }
    if (asked != Channel.EMAIL && asked != Channel.SMS) {
      throw ApiException.badField("channel", "a written message can move to email or sms only");
    }
    return asked;
  }

  /** An answer stands for the question that it answers. */
  private static Optional<MessageId> question(
      Handle tx, ConversationId conversation, @Nullable String named) {
    if (named == null) {
      return Messages.newestQuestion(tx, conversation);
    }
    var message =
        Ids.parse(named)
            .flatMap(id -> Messages.find(tx, conversation, new MessageId(id)))
            .orElseThrow(ApiException::notFound);
    var answered = message.questionId();
    return Optional.of(answered == null ? message.id() : answered);
  }

  private void deliver(
      Handle tx,
      KeyOwner.OfAgent agent,
      Conversation conversation,
      Channel channel,
      Message message) {
    if (channel != Channel.EMAIL && channel != Channel.SMS) {
      return;
    }
    var byMail = channel == Channel.EMAIL;
    var origin = MessageOrigins.newest(tx, conversation.id(), Wire.name(channel));
    var before = Outbox.last(tx, conversation.id(), channel);
    var contact = byMail ? conversation.user().email() : conversation.user().phoneNumber();
    var recipient =
        origin
            .map(MessageOrigins.Origin::sender)
            .or(() -> before.map(Outbox.Sent::recipient))
            .orElse(contact);
    if (recipient == null) {
      throw ApiException.badField(
          "channel", "the user has no " + (byMail ? "e-mail address" : "phone number"));
    }
    var subject =
        origin
            .flatMap(from -> from.detail("subject"))
            .or(() -> before.map(Outbox.Sent::subject))
            .map(Subjects::reply);
    outbox.write(
        tx,
        agent,
        new Outbound(
            new DeliveryId(Ids.next()),
            conversation.id(),
            message.id(),
            DeliveryKind.MANUAL,
            channel,
            recipient,
            origin
                .map(MessageOrigins.Origin::recipient)
                .or(() -> before.map(Outbox.Sent::sender))
                .orElse(null),
            byMail ? subject.orElseGet(() -> skills.subject(tx, agent.agent())) : null,
            message.text(),
            null,
            message.createdAt()));
  }
}

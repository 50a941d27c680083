package dev.colloquy.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.conversation.Channel;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.json.Storable;
import dev.colloquy.platform.json.Text;
import dev.colloquy.user.Contacts;
import dev.colloquy.user.User;
import dev.colloquy.user.UserId;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A conversation that the agent begins, with what each of the three channels needs. */
@Schema(
    name = "StartRequest",
    description =
        "A conversation that the agent begins. E-mail needs email, emailSubject and"
            + " emailIntroduction; SMS needs phoneNumber and smsIntroduction; voice needs"
            + " phoneNumber and firstMessage.")
record StartRequest(
    @Schema(examples = "Grace", required = true) @NotBlank @Size(max = 255) String firstName,
    @Schema(examples = "Hopper", required = true) @NotBlank @Size(max = 255) String lastName,
    @Schema(description = "What the agent is told of this person.") @Size(max = 256_000)
        @Nullable String context,
    @Schema(description = "What the agent is told of this conversation.") @Size(max = 256_000)
        @Nullable String conversationContext,
    @Schema(description = "Where this person came from.") @Size(max = 255) @Nullable String source,
    @Schema(description = "Your own id of this person; the first by which it is looked for.")
        @Size(max = 255)
        @Nullable String fkId,
    @Schema(description = "Another id of your own.") @Size(max = 255) @Nullable String fkUserId,
    @Schema(
            type = SchemaType.OBJECT,
            description = "Whatever you keep with the person and the conversation.")
        @Storable
        @Nullable ObjectNode customData,
    @Schema(description = "One of the organization's states.") @Nullable String conversationStateId,
    @Schema(description = "The platform user whom the conversation is assigned to.")
        @Nullable String authorId,
    @Schema(defaultValue = "false") @Nullable Boolean skipPhoneNumberValidation,
    @Schema(defaultValue = "false") @Nullable Boolean skipEmailValidation,
    @Schema(required = true) @NotNull StartChannel channel,
    @Schema(examples = "grace@example.com") @Size(max = 255) @Nullable String email,
    @Schema(description = "E-mail only.", examples = "Your order 4711") @Size(max = 998)
        @Nullable String emailSubject,
    @Schema(description = "E-mail only.") @Size(max = Message.MAX_LENGTH)
        @Nullable String emailIntroduction,
    @Schema(description = "E-mail only: whether the agent signs.", defaultValue = "false")
        @Nullable Boolean includeSignatureInEmail,
    @Schema(description = "In E.164.", examples = "+12125550123") @Size(max = 255)
        @Nullable String phoneNumber,
    @Schema(description = "SMS only.") @Size(max = 1_600) @Nullable String smsIntroduction,
    @Schema(description = "SMS only: whether the agent signs.", defaultValue = "false")
        @Nullable Boolean includeSignatureInSms,
    @Schema(description = "Voice only: what the call opens with.") @Size(max = 10_000)
        @Nullable String firstMessage,
    @Schema(
            description = "Archive the open conversation and begin a new one; e-mail and SMS only.",
            defaultValue = "false")
        @Nullable Boolean resetConversation) {

  /** The channels that an agent can begin a conversation on. */
  enum StartChannel {
    @JsonProperty("email")
    EMAIL(Channel.EMAIL),
    @JsonProperty("sms")
    SMS(Channel.SMS),
    @JsonProperty("voice")
    VOICE(Channel.VOICE);

    private final Channel channel;

    StartChannel(Channel channel) {
      this.channel = channel;
    }

    Channel channel() {
      return channel;
    }
  }

  StartRequest {
    context = Text.orNull(context);
    conversationContext = Text.orNull(conversationContext);
    source = Text.orNull(source);
    fkUserId = Text.orNull(fkUserId);
    conversationStateId = Text.orNull(conversationStateId);
    authorId = Text.orNull(authorId);
  }

  /** A request that knows no more than this; what the channel needs is in its own field. */
  static StartRequest of(ConversationStarts.First first) {
    var isMail = first.channel() == Channel.EMAIL;
    var isCall = first.channel() == Channel.VOICE;
    return new StartRequest(
        first.firstName(),
        first.lastName(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        false,
        Wire.value(StartChannel.class, Wire.name(first.channel())),
        isMail ? first.contact() : null,
        first.subject(),
        isMail ? first.text() : null,
        false,
        isMail ? null : first.contact(),
        isMail || isCall ? null : first.text(),
        false,
        isCall ? first.text() : null,
        false);
  }

  /** What the agent says first. */
  String introduction() {
    return switch (channel) {
      case EMAIL -> require("emailIntroduction", emailIntroduction);
      case SMS -> require("smsIntroduction", smsIntroduction);
      case VOICE -> require("firstMessage", firstMessage);
    };
  }

  /** The subject of the e-mail; null on the other channels. */
  @Nullable String subject() {
    if (channel != StartChannel.EMAIL) {
      return null;
    }
    var subject = require("emailSubject", emailSubject);
    if (subject.chars().anyMatch(Character::isISOControl)) {
      throw ApiException.badField(
          "emailSubject", "must not hold line breaks or control characters");
    }
    return subject;
  }

  /** Whether the agent is to sign what it says first. */
  boolean signed() {
    return switch (channel) {
      case EMAIL -> Boolean.TRUE.equals(includeSignatureInEmail);
      case SMS -> Boolean.TRUE.equals(includeSignatureInSms);
      case VOICE -> false;
    };
  }

  boolean reset() {
    return channel != StartChannel.VOICE && Boolean.TRUE.equals(resetConversation);
  }

  /** The person, with the contact that the channel needs. */
  User user(Instant now) {
    switch (channel) {
      case EMAIL -> require("email", email);
      case SMS, VOICE -> require("phoneNumber", phoneNumber);
    }
    var contacts =
        Contacts.of(
            fkId,
            email,
            phoneNumber,
            Boolean.TRUE.equals(skipEmailValidation),
            Boolean.TRUE.equals(skipPhoneNumberValidation));
    return new User(
        new UserId(Ids.next()),
        firstName,
        lastName,
        context,
        source,
        contacts.fkId(),
        fkUserId,
        contacts.email(),
        contacts.phoneNumber(),
        customData,
        false,
        now);
  }

  private String require(String field, @Nullable String value) {
    var text = Text.orNull(value);
    if (text == null) {
      throw ApiException.badField(field, "is required where channel is " + Wire.name(channel));
    }
    return text;
  }
}

package dev.colloquy.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.json.Storable;
import dev.colloquy.platform.json.Text;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A new user, with at least one of e-mail, phone number and fkId. */
@Schema(description = "A new user. At least one of email, phoneNumber and fkId is needed.")
record CreateUserRequest(
    @Schema(examples = "Grace", required = true) @NotBlank @Size(max = 255) String firstName,
    @Schema(examples = "Hopper", required = true) @NotBlank @Size(max = 255) String lastName,
    @Schema(description = "What agents are told of this person before every reply.")
        @Size(max = 256_000)
        @Nullable String context,
    @Schema(description = "Where this person came from.", examples = "webshop") @Size(max = 255)
        @Nullable String source,
    @Schema(description = "Another id of your own.") @Size(max = 255) @Nullable String fkUserId,
    @Schema(type = SchemaType.OBJECT, description = "Whatever you keep with this person.") @Storable
        @Nullable ObjectNode customData,
    @Schema(description = "Take a phone number as it is.", defaultValue = "false")
        @Nullable Boolean skipPhoneNumberValidation,
    @Schema(description = "Take an e-mail address as it is.", defaultValue = "false")
        @Nullable Boolean skipEmailValidation,
    @Schema(description = "In E.164; unique in the organization.", examples = "+12125550123")
        @Size(max = 255)
        @Nullable String phoneNumber,
    @Schema(description = "Unique in the organization.", examples = "grace@example.com")
        @Size(max = 255)
        @Nullable String email,
    @Schema(description = "Your own id of this person; unique in the organization.")
        @Size(max = 255)
        @Nullable String fkId) {
  CreateUserRequest {
    context = Text.orNull(context);
    source = Text.orNull(source);
    fkUserId = Text.orNull(fkUserId);
  }

  User user(Instant now) {
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
}

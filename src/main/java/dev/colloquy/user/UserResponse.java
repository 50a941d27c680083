package dev.colloquy.user;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A conversation user as the API shows it. */
@Schema(name = "User", description = "A person whom the organization's agents serve.")
public record UserResponse(
    @Schema(examples = "0198c2f0-4b7e-7c5a-9d61-0f6a2f1c3e10", required = true) String id,
    @Schema(examples = "Grace", required = true) String firstName,
    @Schema(examples = "Hopper", required = true) String lastName,
    @Schema(description = "What agents are told of this person.") @Nullable String context,
    @Schema(description = "Where this person came from.") @Nullable String source,
    @Schema(description = "Your own id of this person, unique in the organization.")
        @Nullable String fkId,
    @Schema(description = "Another id of your own.") @Nullable String fkUserId,
    @Schema(examples = "grace@example.com") @Nullable String email,
    @Schema(description = "In E.164.", examples = "+12125550123") @Nullable String phoneNumber,
    @Schema(type = SchemaType.OBJECT, description = "The customData that was given.")
        @Nullable ObjectNode metadata,
    @Schema(required = true) @JsonProperty("isAnonymized") boolean isAnonymized) {

  /** The user as the API shows it. */
  public static UserResponse of(User user) {
    return new UserResponse(
        user.id().toString(),
        user.firstName(),
        user.lastName(),
        user.context(),
        user.source(),
        user.fkId(),
        user.fkUserId(),
        user.email(),
        user.phoneNumber(),
        user.metadata(),
        user.isAnonymized());
  }
}

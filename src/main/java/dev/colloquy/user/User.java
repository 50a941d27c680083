package dev.colloquy.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A conversation user as it is stored.
 *
 * @param context what agents are told of this person
 * @param fkId the organization's own id of this person, unique in it
 * @param fkUserId another id of the organization's own, not unique
 * @param email as it was given; unique in the organization without regard to case
 * @param phoneNumber in E.164, unless its check was skipped; unique in the organization
 * @param metadata whatever the organization keeps with this person
 */
public record User(
    UserId id,
    String firstName,
    String lastName,
    @Nullable String context,
    @Nullable String source,
    @Nullable String fkId,
    @Nullable String fkUserId,
    @Nullable String email,
    @Nullable String phoneNumber,
    @Nullable ObjectNode metadata,
    boolean isAnonymized,
    Instant createdAt) {}

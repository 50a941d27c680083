package dev.colloquy.consent;

import dev.colloquy.conversation.Channel;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is written into the ledger.
 *
 * @param agent whom it was said to; it holds for the whole organization
 * @param address an e-mail address in any case, or a phone number in E.164
 * @param keyword the word that said it, or a bounce's status
 * @param inbound what came in and said it
 */
public record ConsentEntry(
    OrganizationId organization,
    @Nullable AgentId agent,
    Channel channel,
    String address,
    ConsentAction action,
    @Nullable String keyword,
    @Nullable UUID inbound,
    Instant at) {}

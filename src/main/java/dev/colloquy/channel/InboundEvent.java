package dev.colloquy.channel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.apikey.KeyOwner;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that came in, as it came in.
 *
 * @param source what kind of thing it is, by the name of its {@link InboundHandler}
 * @param agent whom it came to; null where only its contents say so
 * @param externalId what the provider knows it by; the same for a repeat
 * @param orderKey what has the same is handled in the order in which it came, for example the
 *     sender's number
 * @param contentType its media type
 * @param headers what else came with it; null for nothing
 */
@SuppressWarnings("ArrayRecordComponent") // events are known by their id, never compared
public record InboundEvent(
    UUID id,
    String source,
    KeyOwner.@Nullable OfAgent agent,
    String externalId,
    String orderKey,
    @Nullable String contentType,
    @Nullable ObjectNode headers,
    byte[] body,
    Instant receivedAt) {}

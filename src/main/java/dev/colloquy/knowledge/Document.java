package dev.colloquy.knowledge;

import java.time.Instant;

/**
 * A document that an agent can look up.
 *
 * @param name its file name, unique for the agent
 * @param contentHash SHA-256 of its text, in hexadecimal
 * @param chunkCount into how many chunks it was cut
 */
public record Document(
    DocumentId id, String name, String contentHash, int chunkCount, Instant createdAt) {}

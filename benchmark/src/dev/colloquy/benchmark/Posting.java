package dev.colloquy.benchmark;

/**
 * A request to the server, of which one message is to arrive at a provider.
 *
 * @param address where it is to arrive, that no other posting has
 * @param request its bytes
 */
record Posting(String address, byte[] request) {}
